# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes the damaged models of cases/model from the sound one, cases/good/model.safetensors: make_models.py

That one is what `qrx run run.json` writes in cases/good. To be run again when the format of models changes."""
import copy
import json
import struct
from pathlib import Path

CASES = Path(__file__).resolve().parent / "cases"
METADATA = "__metadata__"
LAYERS, PREDICTOR = "qrx.layers", "qrx.predictor"


def read(path):
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def pack(header, data):
    text = header if isinstance(header, bytes) else json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + data


HEADER, DATA = read(CASES / "good" / "model.safetensors")
SOUND = pack(HEADER, DATA)


def save(name, content):
    (CASES / "model" / f"{name}.safetensors").write_bytes(content)


def save_header(name, change):
    """A file whose header is changed, and nothing else."""
    header = copy.deepcopy(HEADER)
    change(header)
    save(name, pack(header, DATA))


def save_text(name, key, change):
    """A file one of whose descriptions, JSON within the header, is changed: by a function, or to a text."""

    def write(header):
        if isinstance(change, str):
            header[METADATA][key] = change
            return
        description = json.loads(header[METADATA][key])
        change(description)
        header[METADATA][key] = json.dumps(description, ensure_ascii=False, separators=(",", ":"))

    save_header(name, write)


def damage_bytes():
    save("empty", b"")
    save("seven-bytes", SOUND[:7])
    save("truncated-header", SOUND[:500])
    save("truncated-data", SOUND[:-100])
    save("data-too-long", SOUND + bytes(8))
    save("text", b"this is no model, but a text of some length\n")
    save("header-beyond-file", struct.pack("<Q", 10**6) + SOUND[8:])
    save("header-length-huge", struct.pack("<Q", 2**64 - 1) + SOUND[8:])
    save("header-length-wraps", struct.pack("<Q", 2**64 - 8) + SOUND[8:])
    save("header-too-short", struct.pack("<Q", 40) + SOUND[8:])
    save("header-empty", pack(b"", DATA))
    save("header-not-json", pack(b"{'dtype': 'F64'}", b""))
    save("header-not-utf8", pack(b'{"\xff": 1}', b""))
    save("header-nested", pack(b"[" * 5000 + b"]" * 5000, b""))
    save("header-list", pack([1, 2], b""))
    save("header-duplicate-key", pack(b'{"w":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"w":{}}', bytes(8)))


def damage_tensors():
    def entry(name, **members):
        def change(header):
            header[name] = {**header[name], **members}

        return change

    begin, end = HEADER["head.weight"]["data_offsets"]
    save_header("offsets-overlap", entry("head.weight", data_offsets=[begin - 8, end - 8]))
    save_header("offsets-reversed", entry("head.weight", data_offsets=[end, begin]))
    save_header("offsets-beyond", entry("head.bias", data_offsets=[2**40, 2**40 + 8]))
    save_header("offsets-negative", entry("scale.mean", data_offsets=[-32, 0]))
    save_header("offsets-missing", lambda header: header["scale.mean"].pop("data_offsets"))
    save_header("offsets-three", entry("scale.mean", data_offsets=[0, 16, 32]))
    save_header("hole", lambda header: header.pop("quantum.weights"))
    save_header("shape-product", entry("head.weight", shape=[3, 2]))
    save_header("shape-overflow", entry("head.weight", shape=[2**62, 2**62]))
    save_header("shape-fraction", entry("head.weight", shape=[1.5, 2]))
    save_header("shape-of-rank-nine", entry("head.weight", shape=[1, 1, 1, 1, 1, 1, 1, 1, 2]))
    save_header("type-unknown", entry("head.weight", dtype="F65"))
    save_header("type-integer", entry("head.weight", dtype="I64"))
    save_header("tensor-is-a-number", lambda header: header.update({"head.weight": 5}))
    save_header("tensor-unknown-key", entry("head.weight", colour="red"))
    save_header("tensor-renamed", lambda header: header.update({"head.weights": header.pop("head.weight")}))
    save_header("tensors-swapped", lambda header: header.update({"head.weight": header["head.bias"], "head.bias": header["head.weight"]}))
    save_header("metadata-is-a-list", lambda header: header.update({METADATA: []}))
    save_header("metadata-of-numbers", lambda header: header[METADATA].update({"qrx.format": 1}))
    for name, number in (("parameter-nan", "nan"), ("parameter-infinite", "inf")):
        save(name, pack(HEADER, DATA[:begin] + struct.pack("<d", float(number)) + DATA[begin + 8 :]))
    begin, end = HEADER["scale.deviation"]["data_offsets"]
    save("deviation-nan", pack(HEADER, DATA[:begin] + struct.pack("<d", float("nan")) + DATA[begin + 8 :]))


def damage_description():
    save_header("bare-tensors", lambda header: header.pop(METADATA))
    save_header("no-layers", lambda header: header[METADATA].pop(LAYERS))
    save_header("format-of-the-future", lambda header: header[METADATA].update({"qrx.format": "2"}))
    save_header("kind-unknown", lambda header: header[METADATA].update({"qrx.kind": "forest"}))
    save_text("predictor-broken", PREDICTOR, '{"producer": ')
    save_text("predictor-list", PREDICTOR, "[]")
    save_text("predictor-without-columns", PREDICTOR, lambda text: text.pop("columns"))
    save_text("columns-of-numbers", PREDICTOR, lambda text: text.update(columns=[1, 2, 3, 4]))
    save_text("columns-twice", PREDICTOR, lambda text: text.update(columns=["G0", "G0", "G2", "G3"]))
    save_text("columns-too-few", PREDICTOR, lambda text: text.update(columns=["G0", "G1"]))
    save_text("columns-none", PREDICTOR, lambda text: text.update(columns=[]))
    save_text("orientation-unknown", PREDICTOR, lambda text: text.update(orientation="left"))
    save_text("threshold-is-text", PREDICTOR, lambda text: text.update(threshold="low"))
    save_text("probability-is-text", PREDICTOR, lambda text: text.update(probability="yes"))
    save_text("layers-broken", LAYERS, "{")
    save_text("layers-list", LAYERS, "[]")
    save_text("layers-empty", LAYERS, lambda text: text.update(layers=[]))
    save_text("precision-unknown", LAYERS, lambda text: text.update(precision="float16"))
    save_text("target-deviation-missing", LAYERS, lambda text: text.pop("target-deviation"))
    save_text("target-deviation-zero", LAYERS, lambda text: text.update({"target-deviation": 0}))


def damage_layers():
    def layer(index, **members):
        return lambda text: text["layers"][index].update(members)

    def properties(index, **members):
        return lambda text: text["layers"][index]["properties"].update(members)

    save_text("layer-is-a-number", LAYERS, lambda text: text.update(layers=[7]))
    save_text("layer-type-unknown", LAYERS, layer(1, type="mpl-encoder"))
    save_text("layer-type-no-layer", LAYERS, layer(1, type="evaluator", properties={}))
    save_text("layer-property-unknown", LAYERS, properties(2, s=3))
    save_text("layer-property-range", LAYERS, properties(2, a=0))
    save_text("layer-property-type", LAYERS, properties(1, hidden="four"))
    save_text("layer-without-id", LAYERS, lambda text: text["layers"][1].pop("id"))
    save_text("layer-from-unknown", LAYERS, layer(2, **{"from": ["encoder"]}))
    save_text("layer-from-itself", LAYERS, layer(2, **{"from": ["normalize"]}))
    save_text("layer-from-later", LAYERS, layer(2, **{"from": ["head"]}))
    save_text("layer-from-nothing", LAYERS, layer(2, **{"from": []}))
    save_text("layer-from-two", LAYERS, layer(2, **{"from": ["encode", "encode"]}))
    save_text("layer-width", LAYERS, layer(1, width=3))
    save_text("layer-width-zero", LAYERS, layer(1, width=0))
    save_text("layer-width-huge", LAYERS, layer(1, width=1e300))
    save_text("layer-wider-inside", LAYERS, properties(1, hidden=[4096]))
    save_text("layer-quantity", LAYERS, layer(1, quantity="feature"))
    save_text("last-layer-no-prediction", LAYERS, lambda text: text["layers"].pop())
    save_text("circuit-too-wide", LAYERS, properties(3, layers=9))


if __name__ == "__main__":
    (CASES / "model").mkdir(exist_ok=True)
    damage_bytes()
    damage_tensors()
    damage_description()
    damage_layers()
