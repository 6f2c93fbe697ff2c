// SPDX-License-Identifier: LGPL-2.1-or-later
// The circuits of the models: how large they are, how evenly their states fill the space of all states, how entangled these are.

/** Properties in words; what is the same for all circuits is left out, but for layout and layers. */
function nameCircuit(circuit, all) {
    const {layout, layers, circuit: whole, ...others} = circuit.properties;
    const telling = Object.entries(others)
        .filter(([name, value]) =>
            all.some(one => name in one.properties && JSON.stringify(one.properties[name]) !== JSON.stringify(value)),
        )
        .map(([name, value]) => (value === true ? name : value === false ? null : `${name} ${formatValue(value)}`));
    return [
        whole === undefined ? layout : "whole circuit",
        layers === undefined ? null : plural(layers, "layer"),
        plural(circuit.qubits, "qubit"),
        ...telling,
    ]
        .filter(Boolean)
        .join(", ");
}

/** Circuits of the models that are drawn, with those models, a name of their own, and colour and mark of a single model. */
function findCircuits(report) {
    const all = report.data.circuits.shown;
    const names = all.map(circuit => nameCircuit(circuit, all));
    return all
        .map((circuit, i) => {
            const arms = circuit.arms.map(index => report.arms[index]);
            const {color, mark} = arms.length === 1 ? arms[0] : {color: "var(--ink)", mark: "circle"};
            const again = names.slice(0, i).filter(name => name === names[i]).length;
            return {...circuit, arms, color, mark, name: again > 0 ? `${names[i]} (${again + 1})` : names[i]};
        })
        .filter(circuit => circuit.arms.some(arm => report.isShown(arm.index)));
}

/** What a diagnostic node says of a circuit: {scores} or {reason}. */
function measured(circuit, type) {
    return circuit.measures.find(measure => measure.type === type) ?? {reason: `There is no ${type}.`};
}

const SIZES = [
    ["qubits", "qubits"],
    ["depth", "depth"],
    ["gates", "gates"],
    ["two-qubit-gates", "on two qubits"],
    ["weights", "weights"],
    ["inputs", "inputs"],
    ["observables", "observables"],
];

function modelsOf(circuit) {
    const shown = circuit.arms.slice(0, NAMED);
    return h(
        "span",
        {class: "arms"},
        shown.map(arm => h("span", {class: "arm"}, swatch(arm), arm.label)),
        circuit.arms.length > shown.length ? `and ${circuit.arms.length - shown.length} more` : null,
    );
}

/** A row a circuit; where it is narrow, a block. */
function listCircuits(circuits) {
    return h(
        "ul",
        {class: "circuits"},
        circuits.map(circuit =>
            h(
                "li",
                {},
                h("p", {class: "panel-title"}, circuit.name),
                modelsOf(circuit),
                h(
                    "dl",
                    {},
                    SIZES.map(([key, text]) =>
                        h("div", {}, h("dt", {}, text), h("dd", {}, circuit[key].toLocaleString("en"))),
                    ),
                ),
            ),
        ),
    );
}

/** One measure of all circuits, a row each: read(circuit) gives {value, text, low, reference} or {reason}. */
function drawTrack(circuits, {read, scale, xLabel, reference, label}, width) {
    const row = 46,
        right = 46,
        top = 6,
        height = top + circuits.length * row + 40;
    const x = scale(4, width - right);
    const found = circuits.map(read);
    const told = found.map((one, i) => `${circuits[i].name} ${one.reason ? "not measured" : one.text}`);
    const svg = makePlot({
        width,
        height,
        x,
        xLabel,
        xTicks: 4,
        margin: {left: 4, right, top, bottom: 38},
        label: `${label}: ${told.join("; ")}`,
    });
    circuits.forEach((circuit, i) => {
        const y = top + i * row + 32,
            one = found[i];
        const name = fitText(circuit.name, width - 8);
        const group = s(
            "g",
            {class: "row", style: `color: ${circuit.color}`},
            s("line", {class: "grid", x1: 4, x2: width - right, y1: y, y2: y}),
            drawBacking(4, y - 18, name),
            s("text", {class: "name", x: 4, y: y - 18, dy: "0.34em"}, name, s("title", {}, circuit.name)),
        );
        if (one.reason) group.append(s("text", {class: "end", x: 4, y, dy: "0.34em"}, "not measured"));
        else {
            if (one.band) {
                const [from, to] = one.band.map(x);
                group.append(s("line", {class: "interval", x1: from, x2: to, y1: y, y2: y}));
            }
            if (reference)
                group.append(
                    s("line", {class: "reference", x1: x(one.reference), x2: x(one.reference), y1: y - 8, y2: y + 8}, [
                        s("title", {}, `${reference}: ${formatScore(one.reference)}`),
                    ]),
                );
            group.append(
                drawMark(circuit, x(one.value), y, 5.5, one.title),
                s("text", {class: "figure", x: width, y, dy: "0.34em", "text-anchor": "end"}, one.text),
            );
        }
        svg.append(group);
    });
    return svg;
}

/** The divergence on a logarithmic axis, with what chance makes of it as a bar from the left. */
function makeDivergenceTrack(circuits) {
    const scores = circuits.map(circuit => measured(circuit, "expressibility").scores?.circuit).filter(Boolean);
    const values = scores.flatMap(one => [one.divergence, one.bias]).filter(value => value > 0);
    const low = Math.min(1e-2, ...values) / 1.5,
        high = Math.max(1, ...values) * 1.3;
    return {
        scale: (from, to) => logarithmic(low, high, from, to),
        xLabel: "nats, logarithmic: 0 would be Haar-random",
        label: "Divergence from Haar-random states in nats",
        read: circuit => {
            const {scores: roles, reason} = measured(circuit, "expressibility");
            if (!roles) return {reason};
            const {divergence, bias, pairs} = roles.circuit;
            const value = formatScore(divergence);
            return {
                value: Math.max(low, divergence),
                band: [low, Math.max(low, bias)],
                text: value,
                title: `${value} nats from ${plural(pairs, "pair")}, of which chance makes about ${formatScore(bias)}`,
            };
        },
    };
}

function makeEntanglementTrack() {
    return {
        scale: (from, to) => linear(0, 1, from, to),
        xLabel: "Q: 0 product states, 1 the most",
        label: "Mean Meyer–Wallach measure",
        reference: "mean of all states",
        read: circuit => {
            const {scores: roles, reason} = measured(circuit, "entangling-capability");
            if (!roles) return {reason};
            const {entanglement, deviation, haar, draws} = roles.circuit;
            return {
                value: entanglement,
                band: [Math.max(0, entanglement - deviation), Math.min(1, entanglement + deviation)],
                reference: haar,
                text: entanglement.toFixed(3), // without entanglers it is 0 but for rounding
                title: `${entanglement.toFixed(3)} ± ${deviation.toFixed(3)} over ${plural(draws, "draw")}`,
            };
        },
    };
}

/** "2" or, where they differ, "1 to 3". */
function tellRange(values) {
    const low = Math.min(...values),
        high = Math.max(...values);
    return low === high ? formatValue(low) : `${formatValue(low)} to ${formatValue(high)}`;
}

/** Why circuits were not measured, each reason once. */
function tellReasons(circuits, types) {
    const reasons = new Map();
    for (const circuit of circuits) {
        for (const type of types) {
            const {reason} = measured(circuit, type);
            if (reason) reasons.set(reason, (reasons.get(reason) ?? new Set()).add(circuit.name));
        }
    }
    return [...reasons].map(([reason, names]) => h("p", {class: "refusal"}, `${listing([...names])}: ${reason}`));
}

const EXPRESSED = ["divergence", "bias", "pairs", "bins"];
const ENTANGLED = ["entanglement", "deviation", "standard-error", "haar", "draws"];

function circuitRow(circuit) {
    const states = measured(circuit, "expressibility"),
        entangled = measured(circuit, "entangling-capability");
    return [
        circuit.name,
        circuit.arms.map(arm => arm.label).join("; "),
        ...SIZES.map(([key]) => circuit[key]),
        ...EXPRESSED.map(name => states.scores?.circuit[name]),
        ...ENTANGLED.map(name => entangled.scores?.circuit[name]),
        states.reason ?? entangled.reason,
    ];
}

/** How large circuits are, each with its models, and what states they reach. */
function makeCircuitFigure(report) {
    if (!report.data.circuits) return null;
    const {shown, "left-out": left} = report.data.circuits;
    const isTuned = arm => arm.tuned?.some(path => shown.some(circuit => path.split(".").at(-1) in circuit.properties));
    const pairs = shown.map(circuit => measured(circuit, "expressibility").scores?.circuit.pairs).filter(Boolean);
    return makeFigure({
        title: "Their size, and the states they reach",
        reading:
            "Each circuit once, with the models that have it" +
            (left > 0 ? `, those of the most models first; ${plural(left, "other")} left out. ` : ". ") +
            (report.arms.some(isTuned) ? "Of a model whose circuit is tuned, it is the first fit's. " : "") +
            "Depth and gates count the encoding of the angles, too. Below, states of random weights, with all angles 0. The " +
            `divergence is that of the fidelities of ${pairs.length > 0 ? `${tellRange(pairs)} ` : ""}pairs of states from ` +
            "those of Haar-random states (Sim et al. 2019): the smaller, the more evenly a circuit fills the space of states. " +
            "Its bar is what chance adds with so few pairs: a mark at the bar's end is as even as can be told. Entanglement " +
            "is the mean Meyer–Wallach measure with its deviation over weights; the line is the mean of all states. Neither " +
            "says that a model is better.",
        file: "circuits.csv",
        draw: width => {
            const circuits = findCircuits(report);
            const tracks = [
                {title: "Expressibility: divergence", ...makeDivergenceTrack(circuits)},
                {title: "Entangling capability", ...makeEntanglementTrack()},
            ];
            return [
                listCircuits(circuits),
                makePanels(width, 340, tracks, (track, w) => ({title: track.title, svg: drawTrack(circuits, track, w)})),
                tellReasons(circuits, ["expressibility", "entangling-capability"]),
            ];
        },
        getData: () => ({
            columns: ["circuit", "models", ...SIZES.map(([key]) => key), ...EXPRESSED, ...ENTANGLED, "reason"],
            rows: findCircuits(report).map(circuitRow),
        }),
    });
}
