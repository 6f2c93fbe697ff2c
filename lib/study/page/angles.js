// SPDX-License-Identifier: LGPL-2.1-or-later
// How angles lie in their range: their histogram epoch by epoch beside the normalizer's curve, on one axis of angles; and
// the statistics of crowding.

/** Monitors of crowding that recorded histograms, with their bins: [{arm, monitor, node, bins: [curve, …]}]. */
function findHistograms(report) {
    const found = new Map();
    for (const curve of report.curves(report.task)) {
        const match = /^(.+)\.histogram\.(\d+)$/.exec(curve.name);
        if (match) {
            const key = `${curve.arm} ${match[1]}`;
            if (!found.has(key)) found.set(key, {arm: report.arms[curve.arm], monitor: match[1], bins: []});
            found.get(key).bins[Number(match[2])] = curve;
        }
    }
    return [...found.values()].map(one => ({...one, curve: findNormalizer(report, one.arm, one.monitor)}));
}

/** The curve of the layer that a monitor watches. */
function findNormalizer(report, arm, monitor) {
    const graph = report.graphs[arm.pipeline];
    const watched = graph?.incoming.get(monitor)?.[0]?.from;
    return report.data.normalizers?.find(one => one.pipeline === arm.pipeline && one.node === watched) ?? null;
}

function nameAngle(value) {
    return value === 0 ? "0" : formatValue(value);
}

/** Ticks at multiples of π/2 within a range of angles. */
function angleTicks(low, high) {
    const step = high - low > 3 * Math.PI ? Math.PI : high - low > 0.9 * Math.PI ? Math.PI / 2 : (high - low) / 4;
    const found = [];
    for (let k = Math.ceil(low / step - 1e-6); k * step <= high + 1e-6; k++) found.push(k * step);
    return found;
}

function drawAngles(report, one, width) {
    const height = 230,
        top = 22,
        bottom = 36,
        left = 40,
        gap = 14;
    const curveWidth = one.curve ? Math.min(120, width * 0.32) : 0;
    const [low, high] = one.curve ? one.curve.range : [-Math.PI, Math.PI];
    const y = linear(low, high, height - bottom, top);
    const svg = s("svg", {
        viewBox: `0 0 ${width} ${height}`,
        width,
        height,
        role: "img",
        "aria-label":
            `Angles of ${one.arm.label}: share of training rows in ${one.bins.length} bins ` +
            `between ${nameAngle(low)} and ${nameAngle(high)}, by epoch`,
    });
    const axes = s("g", {class: "axes"});
    for (const tick of angleTicks(low, high)) {
        axes.append(
            s("text", {x: left - 6, y: y(tick), dy: "0.32em", "text-anchor": "end"}, nameAngle(tick)),
            s("line", {class: "grid", x1: left, x2: width - 8, y1: y(tick), y2: y(tick)}),
        );
    }
    axes.append(s("text", {class: "label", x: 0, y: 10}, "angle"));
    svg.append(axes);
    if (one.curve) {
        const x = linear(one.curve.x[0], one.curve.x[one.curve.x.length - 1], left, left + curveWidth);
        svg.append(
            s("path", {
                class: "curve",
                style: `color: ${one.arm.color}`,
                d: pathThrough(one.curve.x.map((v, i) => [x(v), y(one.curve.y[i])])),
            }),
        );
        for (const tick of [one.curve.x[0], 0, one.curve.x[one.curve.x.length - 1]])
            axes.append(s("text", {x: x(tick), y: height - bottom + 16, "text-anchor": "middle"}, formatValue(tick)));
        axes.append(
            s("text", {class: "label", x: left + curveWidth / 2, y: height - 4, "text-anchor": "middle"}, "activation φ"),
        );
    }
    const start = one.curve ? left + curveWidth + gap : left;
    const epochs = one.bins[0].epochs,
        x = linear(0, epochs.length, start, width - 8);
    const most = Math.max(...one.bins.flatMap(bin => bin.means));
    const cells = s("g", {class: "heat", style: `color: ${one.arm.color}`});
    const binHeight = (y(low) - y(high)) / one.bins.length;
    one.bins.forEach((bin, b) =>
        bin.means.forEach((share, e) => {
            if (share > 0) {
                cells.append(
                    s("rect", {
                        x: x(e).toFixed(1),
                        y: (y(low) - (b + 1) * binHeight).toFixed(1),
                        width: (x(1) - x(0) + 0.4).toFixed(1),
                        height: (binHeight + 0.4).toFixed(1),
                        "fill-opacity": Math.sqrt(share / most).toFixed(3),
                    }),
                );
            }
        }),
    );
    svg.append(cells);
    for (const e of [0, epochs.length - 1])
        axes.append(s("text", {x: x(e + 0.5), y: height - bottom + 16, "text-anchor": "middle"}, String(epochs[e])));
    axes.append(s("text", {class: "label", x: (start + width - 8) / 2, y: height - 4, "text-anchor": "middle"}, "epoch"));
    return svg;
}

function makeAngleFigure(report) {
    if (!report.data.curves.some(curve => /\.histogram\.\d+$/.test(curve.name))) return null;
    return makeFigure({
        title: "Where the angles lie",
        reading:
            "Left, the normalizer: activation to angle. Right, on the same axis of angles, the share of training " +
            "rows in each bin, epoch by epoch, over all qubits; darker is more. Rows that crowd at the ends of " +
            "the range have little slope left to learn by.",
        file: "angles.csv",
        draw: width =>
            makePanels(width, 330, findHistograms(report), (one, w) => ({arm: one.arm, svg: drawAngles(report, one, w)})),
        getData: () => ({
            columns: ["model", "monitor", "epoch", "bin", "from", "to", "share"],
            rows: findHistograms(report).flatMap(one => {
                const [low, high] = one.curve ? one.curve.range : [-Math.PI, Math.PI];
                const edge = b => low + ((high - low) * b) / one.bins.length;
                return one.bins.flatMap((bin, b) =>
                    bin.epochs.map((epoch, e) => [
                        one.arm.label,
                        one.monitor,
                        epoch,
                        b,
                        edge(b),
                        edge(b + 1),
                        bin.means[e],
                    ]),
                );
            }),
        }),
    });
}

const CROWDING = {
    "near-bounds": {text: "ends", dash: null},
    "past-pi": {text: "past ±π", dash: "1 3"},
    entropy: {text: "entropy", dash: "6 3"},
};

function makeCrowdingFigure(report) {
    const statistic = curve => curve.name.slice(curve.name.lastIndexOf(".") + 1);
    return makeCurveFigure(report, {
        title: "Crowding",
        reading:
            "Over the training rows and all qubits: the fraction of angles within 1 % of the range of either end " +
            "(solid), the fraction past ±π (dotted), and the entropy of their histogram (dashed; 1 is uniform, 0 " +
            "a single bin). Crowding and a poor score need not go together.",
        file: "crowding.csv",
        accept: curve => curve.name.includes(".") && statistic(curve) in CROWDING,
        style: name => CROWDING[name.slice(name.lastIndexOf(".") + 1)],
        yLabel: "fraction",
        from: 0,
    });
}

function makeSlopeFigure(report) {
    return makeCurveFigure(report, {
        title: "Slope that is left",
        reading:
            "The mean local slope dφ′/dφ over training rows and qubits: how much of a change of the activation " +
            "arrives at the angle.",
        file: "slopes.csv",
        accept: curve => curve.name.endsWith(".slope"),
        style: () => ({text: "slope"}),
        log: true,
        yLabel: "slope",
    });
}
