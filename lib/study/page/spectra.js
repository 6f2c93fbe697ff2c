// SPDX-License-Identifier: LGPL-2.1-or-later
// Of the circuits of the models, which functions of their inputs they can be, and how gradients shrink as they grow.

const SPECTRUM = "fourier-spectrum";
const SCAN = "barren-plateau";

/** Of each input its frequencies with the sizes of their coefficients: [{input, largest, reachable, present, frequencies}]. */
function readSpectrum(scores) {
    return Object.entries(scores).map(([role, found]) => ({
        input: Number(role.replace("input-", "")),
        largest: found["largest-frequency"],
        reachable: found.reachable,
        present: found.present,
        frequencies: Object.keys(found)
            .filter(name => name.startsWith("size-"))
            .map(name => ({
                frequency: Number(name.slice(5)),
                size: found[name],
                spread: found[name.replace("size-", "spread-")],
            })),
    }));
}

/** Sizes by frequency, root mean square over inputs; inputs that cannot reach one count as 0. */
function meanSizes(inputs) {
    const sums = new Map();
    for (const input of inputs) {
        for (const {frequency, size} of input.frequencies)
            sums.set(frequency, (sums.get(frequency) ?? 0) + size ** 2 / inputs.length);
    }
    return [...sums].sort((a, b) => a[0] - b[0]).map(([frequency, square]) => ({frequency, size: Math.sqrt(square)}));
}

function drawSpectrum(circuit, inputs, {last, high}, width) {
    const height = 176,
        margin = {left: 42, right: 10, top: 24, bottom: 36};
    const x = linear(-0.6, last + 0.6, margin.left, width - margin.right);
    const y = linear(0, high, height - margin.bottom, margin.top);
    const ticked = n => ticks(0, last, n).filter(Number.isInteger);
    const bars = meanSizes(inputs),
        largest = Math.max(...inputs.map(input => input.largest));
    const svg = makePlot({
        width,
        height,
        x: Object.assign(x, {ticks: ticked}),
        y,
        margin,
        xTicks: Math.min(last, 8),
        yTicks: 3,
        xLabel: "frequency in an input",
        yLabel: "size of coefficients",
        label:
            `Fourier coefficients of ${circuit.name}: ` +
            bars.map(one => `frequency ${formatValue(one.frequency)} ${formatScore(one.size)}`).join(", "),
    });
    const wide = Math.min(22, 0.55 * (x(1) - x(0)));
    for (const {frequency, size} of bars)
        svg.append(
            s(
                "rect",
                {
                    class: "bar",
                    style: `fill: ${circuit.color}`,
                    x: x(frequency) - wide / 2,
                    y: y(size),
                    width: wide,
                    height: Math.max(0, y(0) - y(size)),
                },
                s("title", {}, `frequency ${formatValue(frequency)}: ${formatScore(size, 4)}`),
            ),
        );
    const [from, to] = [x(largest) + wide / 2 + 4, width - margin.right];
    svg.append(s("line", {class: "base", x1: margin.left, x2: to, y1: y(0), y2: y(0)}));
    if (to - from > textWidth("0 beyond", 11.5))
        svg.append(s("text", {class: "end", x: (from + to) / 2, y: y(0) - 8, "text-anchor": "middle"}, "0 beyond"));
    return svg;
}

function makeSpectrumFigure(report) {
    if (!report.data.circuits) return null;
    return makeFigure({
        title: "Which frequencies they reach",
        reading:
            "An expectation is a Fourier series in each angle that comes in. Which frequencies it has follows from how the " +
            "angles are encoded (Schuld, Sweke & Meyer 2021); amplitudes beyond the largest are 0 whatever is learned. Bars " +
            "are the root mean square of |c| over random weights, observables and inputs.",
        file: "frequencies.csv",
        draw: width => {
            const circuits = findCircuits(report);
            const found = circuits
                .filter(circuit => measured(circuit, SPECTRUM).scores)
                .map(circuit => ({circuit, inputs: readSpectrum(measured(circuit, SPECTRUM).scores)}));
            const last = Math.ceil(Math.max(1, ...found.flatMap(one => one.inputs.map(input => input.largest)))) + 1;
            const high = Math.max(...found.flatMap(one => meanSizes(one.inputs).map(bar => bar.size))) * 1.06;
            return [
                makePanels(width, 260, found, ({circuit, inputs}, w) => ({
                    title: circuit.name,
                    note:
                        `${tellRange(inputs.map(input => input.reachable))} frequencies in each of ` +
                        `${plural(inputs.length, "input")}, the largest ${tellRange(inputs.map(input => input.largest))}`,
                    svg: drawSpectrum(circuit, inputs, {last, high}, w),
                })),
                tellReasons(circuits, [SPECTRUM]),
            ];
        },
        getData: () => ({
            columns: ["circuit", "input", "largest", "reachable", "present", "frequency", "size", "spread", "reason"],
            rows: findCircuits(report).flatMap(circuit => {
                const {scores, reason} = measured(circuit, SPECTRUM);
                if (!scores) return [[circuit.name, null, null, null, null, null, null, null, reason]];
                return readSpectrum(scores).flatMap(({input, largest, reachable, present, frequencies}) =>
                    frequencies.map(one => [
                        circuit.name,
                        input,
                        largest,
                        reachable,
                        present,
                        one.frequency,
                        one.size,
                        one.spread,
                        null,
                    ]),
                );
            }),
        }),
    });
}

/** Scans, each once: circuits that differ in size alone have the same. [{names, points, decays}], lines by depth. */
function findScans(report) {
    const scans = new Map();
    for (const circuit of findCircuits(report)) {
        const {scores, properties} = measured(circuit, SCAN);
        const key = JSON.stringify(properties);
        if (scores && !scans.has(key)) scans.set(key, {circuits: [], ...readScan(scores)});
        if (scores) scans.get(key).circuits.push(circuit);
    }
    return [...scans.values()];
}

function readScan(scores) {
    const points = [],
        decays = new Map();
    for (const [role, found] of Object.entries(scores)) {
        const [, layers, qubits] = role.match(/^layers-(\d+)(?:\.qubits-(\d+))?$/);
        if (qubits === undefined) decays.set(Number(layers), found);
        else points.push({layers: Number(layers), qubits: Number(qubits), found});
    }
    return {points, decays};
}

/** What tells one scan from another: the circuits' properties but layers. */
function nameScan(scan, scans) {
    const name = scan.circuits[0].name.replace(/, \d+ layers?, \d+ qubits?/, "");
    return scans.length > 1 && scan.circuits.length > 1 ? `${name} (${plural(scan.circuits.length, "circuit")})` : name;
}

/** By weights, where a layout has any that matter, else by inputs. */
function variedBy(scan) {
    return scan.points.some(point => Number.isFinite(point.found["weight-variance"])) ? "weight" : "input";
}

function drawScan(scan, name, {low, high}, width) {
    const height = 220,
        margin = {left: 46, right: 70, top: 24, bottom: 36};
    const by = variedBy(scan);
    const qubits = [...new Set(scan.points.map(point => point.qubits))],
        depths = [...scan.decays.keys()];
    const across = linear(Math.min(...qubits), Math.max(...qubits), margin.left + 4, width - margin.right);
    const x = Object.assign(across, {ticks: () => qubits});
    const y = logarithmic(low, high, height - margin.bottom, margin.top);
    const lines = depths
        .map(layers => ({
            layers,
            points: scan.points.filter(one => one.layers === layers && one.found[`${by}-variance`] > 0),
        }))
        .filter(line => line.points.length > 0);
    const decayOf = line => scan.decays.get(line.layers)[`${by}-decay-per-qubit`];
    const svg = makePlot({
        width,
        height,
        x,
        y,
        margin,
        xLabel: "qubits",
        yLabel: `variance of the derivative by ${by === "weight" ? "a weight" : "an input"}`,
        label:
            `Variance of gradients of ${name} over qubits: ` +
            lines.map(line => `${plural(line.layers, "layer")} ${formatScore(decayOf(line), 2)}`).join(", ") +
            " per qubit",
    });
    const ends = lines.map(line => y(line.points.at(-1).found[`${by}-variance`]));
    const places = spreadLabels(ends, 13, margin.top, height - margin.bottom);
    lines.forEach((line, i) => {
        const strength = 30 + (70 * i) / Math.max(1, lines.length - 1);
        const style = `color: color-mix(in oklab, var(--accent) ${strength.toFixed(0)}%, var(--ghost))`;
        const at = line.points.map(point => [x(point.qubits), y(point.found[`${by}-variance`])]);
        svg.append(s("path", {class: "curve", style, d: pathThrough(at)}));
        const dots = s("g", {class: "dots solid", style});
        line.points.forEach((point, k) =>
            dots.append(
                s(
                    "circle",
                    {cx: at[k][0], cy: at[k][1], r: 3},
                    s(
                        "title",
                        {},
                        `${plural(point.qubits, "qubit")}, ${plural(line.layers, "layer")}: ` +
                            formatScore(point.found[`${by}-variance`], 4),
                    ),
                ),
            ),
        );
        svg.append(
            dots,
            s("text", {class: "end", x: width - margin.right + 8, y: places[i], dy: "0.32em"}, plural(line.layers, "layer")),
        );
    });
    return svg;
}

function makeScanFigure(report) {
    if (!report.data.circuits) return null;
    return makeFigure({
        title: "How gradients shrink as they grow",
        reading:
            "The variance, over random weights, of the derivative of Z on the first qubit, by a weight, as the same layout " +
            "gets wider and deeper; the axis is logarithmic. A straight line downwards is a barren plateau (McClean et al. " +
            "2018): the variance falls by a factor with every qubit, and so does what a gradient can tell from chance. The " +
            "file has the variance by inputs, too.",
        file: "gradient-variances.csv",
        draw: width => {
            const scans = findScans(report);
            const values = scans.flatMap(scan => scan.points.map(point => point.found[`${variedBy(scan)}-variance`]));
            const [low, high] = extent(
                values.filter(value => value > 0),
                0,
            );
            return [
                makePanels(width, 300, scans, (scan, w) => {
                    const name = nameScan(scan, scans);
                    return {title: name, svg: drawScan(scan, name, {low: low / 1.2, high: high * 1.2}, w)};
                }),
                tellReasons(findCircuits(report), [SCAN]),
            ];
        },
        getData: () => ({
            columns: ["circuits", "layers", "qubits", "weight-variance", "input-variance", "weight-decay-per-qubit"],
            rows: findScans(report).flatMap(scan =>
                scan.points.map(({layers, qubits, found}) => [
                    scan.circuits.map(circuit => circuit.name).join("; "),
                    layers,
                    qubits,
                    found["weight-variance"],
                    found["input-variance"],
                    scan.decays.get(layers)["weight-decay-per-qubit"],
                ]),
            ),
        }),
    });
}
