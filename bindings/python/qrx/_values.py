# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tables, predictions, histories and metrics as pandas frames and dictionaries. pandas is imported when first needed."""
import json
import math

import numpy as np
from gi.repository import GLib, Qrx

from ._errors import translate
from ._tensors import numpy, tensor

_ROLES = {Qrx.role_get_name(role): role for role in Qrx.Role.__enum_values__.values()}
_ORIENTATIONS = {Qrx.orientation_get_name(entry): entry for entry in Qrx.Orientation.__enum_values__.values()}


def _pandas():
    try:
        import pandas
    except ImportError as error:
        raise ImportError("frames need pandas (Debian: python3-pandas)") from error
    return pandas


def _name_of(names, value):
    return next(name for name, entry in names.items() if entry == value)


def _role(table, row):
    return _name_of(_ROLES, table.get_role(row))


def _one_of(names, text, what):
    if isinstance(text, str) and text not in names:
        raise ValueError(f"found the {what} \"{text}\", expected one of {', '.join(names)}")
    return names.get(text, text)


def _features(self, dtype=np.float64):
    """The features of all rows, (rows, features), in an array of their own."""
    out = tensor(np.zeros((self.get_n_rows(), self.get_n_features()), dtype))
    self.read_features(Qrx.Index.new_range(0, self.get_n_rows()), out)
    return numpy(out)


def _annotation(self, name):
    """An annotation's values, None where one is not known."""
    return [self.get_annotation(name, row) for row in range(self.get_n_rows())]


def _target_columns(self):
    return {self.get_target_name(i): numpy(self.get_target_values(i)) for i in range(self.get_n_targets())}


def _table_to_pandas(self, features=True, dtype=np.float64):
    """A frame with a row for each row: features, annotations, targets, and the role if the table is split.

    The index has the row ids. `frame.attrs` has the targets' units and orientations, and the notes.
    """
    pandas = _pandas()
    index = pandas.Index(self.get_ids(), name="id")
    parts = [pandas.DataFrame(self.features(dtype), index, self.get_feature_names())] if features else []
    others = {name: self.annotation(name) for name in self.get_annotation_names()}
    others.update(self.targets())
    if self.is_split():
        others["role"] = [_role(self, row) for row in range(self.get_n_rows())]
    frame = pandas.concat([*parts, pandas.DataFrame(others, index)], axis=1)
    frame.attrs["targets"] = {
        self.get_target_name(i): {
            "unit": self.get_target_unit(i),
            "orientation": _name_of(_ORIENTATIONS, self.get_target_orientation(i)),
        }
        for i in range(self.get_n_targets())
    }
    frame.attrs["notes"] = {key: self.get_note(key) for key in self.get_note_keys()}
    return frame


def _texts(values):
    return ["" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value) for value in values]


def _target_list(target, unit, orientation):
    """Every target as (name, unit, orientation)."""
    if target is None:
        return []
    if isinstance(target, str):
        return [(target, unit, orientation)]
    if isinstance(target, dict):
        return [(name, entry.get("unit", ""), entry.get("orientation", "none")) for name, entry in target.items()]
    return [(name, unit, orientation) for name in target]


def _check_columns(frame, wanted):
    missing = [str(name) for name in wanted if name not in frame.columns]
    if missing:
        raise ValueError(f"the frame has no column {', '.join(missing)}")
    repeated = frame.columns[frame.columns.duplicated()]
    if len(repeated):
        raise ValueError(f"the frame has the column {repeated[0]} more than once")


def _feature_array(frame, names):
    for name in names:
        if frame[name].dtype.kind not in "biuf":
            raise ValueError(
                f"the column {name} holds {frame[name].dtype}, expected numbers; "
                "name it in annotations or target, or give the features by name"
            )
    array = frame[names].to_numpy()
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def _table_from_pandas(
    frame, target=None, unit="", orientation="none", annotations=(), features=None, role=None, block="features"
):
    """A table of a frame: the index becomes the row ids, and every column not named otherwise a feature.

    `target` is a column (with `unit` and `orientation`: "low-is-sensitive", "high-is-sensitive" or "none"), several, or
    a dictionary {column: {"unit": …, "orientation": …}}, as `frame.attrs["targets"]` has it. Missing targets are NaN.
    `role` is a column of roles: "train", "validation", "test", "external".
    """
    targets = _target_list(target, unit, orientation)
    others = {*annotations, *(name for name, *_ in targets), *([role] if role is not None else [])}
    names = [name for name in frame.columns if name not in others] if features is None else list(features)
    _check_columns(frame, [*others, *names])
    try:
        table = Qrx.Table.new([str(label) for label in frame.index])
        if names:
            values = tensor(_feature_array(frame, names))
            table.add_block(Qrx.DenseBlock.new(block, [str(name) for name in names], values), None)
        for name in annotations:
            table.add_annotation(str(name), _texts(frame[name]))
        for name, its_unit, its_orientation in targets:
            sense = _one_of(_ORIENTATIONS, its_orientation, "orientation")
            values = tensor(np.ascontiguousarray(frame[name], dtype=np.float64), copy=True)
            table.add_target(str(name), its_unit, sense, values)
        if role is not None:
            roles = bytes(int(_one_of(_ROLES, text, "role")) for text in frame[role])
            table = table.with_roles(GLib.Bytes.new(roles))
    except GLib.Error as error:
        raise translate(error) from None
    return table


def _predictions_to_pandas(self):
    """A frame by row id: role, annotations, the measured target and the prediction, both in the target's unit."""
    pandas = _pandas()
    table = self.get_table()
    target = self.get_target()
    name = table.get_target_name(target)
    columns = {"role": [_role(table, row) for row in range(table.get_n_rows())]}
    columns.update((annotation, table.annotation(annotation)) for annotation in table.get_annotation_names())
    columns[name] = numpy(table.get_target_values(target))
    columns["prediction"] = numpy(self.get_values()).reshape(-1)
    frame = pandas.DataFrame(columns, pandas.Index(table.get_ids(), name="id"))
    frame.attrs.update(
        producer=self.get_producer(),
        target=name,
        unit=table.get_target_unit(target),
        threshold=self.get_threshold(),
        leaking=self.is_leaking(),
    )
    return frame


def _history_to_dict(self):
    """Every column as an array with a value for each epoch, NaN where nothing was recorded."""
    epochs = range(self.get_n_epochs())
    return {name: np.array([self.get(epoch, name) for epoch in epochs]) for name in self.dup_names()}


def _history_to_pandas(self):
    """A frame with a row for each epoch."""
    pandas = _pandas()
    return pandas.DataFrame(self.to_dict(), pandas.RangeIndex(self.get_n_epochs(), name="epoch"))


def _metrics_to_dict(self):
    """{role: {score: number, interval, text or None, …, "reasons": {score: text}}}"""
    return json.loads(self.to_json())


def _metrics_to_pandas(self):
    """A frame with a row for each role and a column for each score."""
    roles = {role: {k: v for k, v in scores.items() if k != "reasons"} for role, scores in self.to_dict().items()}
    return _pandas().DataFrame.from_dict(roles, orient="index").rename_axis("role")


def _parameters(self):
    """What a model has learned, as copies by "<layer id>.<name>"."""
    return {name: numpy(self.get_parameter(name)) for name in self.dup_parameter_names()}


Qrx.Table.features = _features
Qrx.Table.annotation = _annotation
Qrx.Table.targets = _target_columns
Qrx.Table.to_pandas = _table_to_pandas
Qrx.Table.from_pandas = staticmethod(_table_from_pandas)
Qrx.Predictions.to_pandas = _predictions_to_pandas
Qrx.Predictions.numpy = lambda self: numpy(self.get_values())
Qrx.History.to_dict = _history_to_dict
Qrx.History.to_pandas = _history_to_pandas
Qrx.Metrics.to_dict = _metrics_to_dict
Qrx.Metrics.to_pandas = _metrics_to_pandas
Qrx.Model.parameters = _parameters
Qrx.Bundle.__getitem__ = Qrx.Bundle.get
Qrx.Bundle.__setitem__ = Qrx.Bundle.set
