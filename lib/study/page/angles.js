// SPDX-License-Identifier: LGPL-2.1-or-later
// How angles lie in their range: their histogram epoch by epoch beside the normalizer's curve, on one axis of angles; and
// the statistics of crowding.

/**
 * Monitors of crowding that recorded histograms, means over qubits and fits: [{arm, monitor, bins: [curve, …], low, high,
 * curve}]. Bins lie evenly between low and high, which move where the range is learned.
 */
function findHistograms(report) {
    const found = new Map();
    const curves = report.curves(report.task).map(trimTail);
    for (const curve of curves) {
        const match = /^(.+)\.histogram\.(\d+)$/.exec(curve.name);
        if (!match) continue;
        const key = `${curve.arm} ${match[1]}`;
        const end = name => curves.find(one => one.arm === curve.arm && one.name === `${match[1]}.${name}`);
        const arm = report.arms[curve.arm];
        if (!found.has(key))
            found.set(key, {
                arm,
                monitor: match[1],
                bins: [],
                low: end("low").means,
                high: end("high").means,
                curve: findNormalizer(report, arm, match[1]),
            });
        found.get(key).bins[Number(match[2])] = curve;
    }
    return [...found.values()];
}

/** The share of each bin at an epoch. */
function sharesAt(one, e) {
    const counts = one.bins.map(bin => bin.means[e] ?? 0);
    const all = counts.reduce((sum, count) => sum + count, 0) || 1;
    return counts.map(count => count / all);
}

/** The curve of the layer that a monitor watches. */
function findNormalizer(report, arm, monitor) {
    const graph = report.graphs[arm.pipeline];
    const watched = graph?.incoming.get(monitor)?.[0]?.from;
    return report.data.normalizers?.find(one => one.pipeline === arm.pipeline && one.node === watched) ?? null;
}

/** Ticks at multiples of π/2 within a range of angles. */
function angleTicks(low, high) {
    const step = high - low > 3 * Math.PI ? Math.PI : high - low > 0.9 * Math.PI ? Math.PI / 2 : (high - low) / 4;
    const found = [];
    for (let k = Math.ceil(low / step - 1e-6); k * step <= high + 1e-6; k++) found.push(k * step);
    return found;
}

/** The normalizer's curve, on the axis of angles that the histogram has. */
function drawNormalizer(svg, axes, one, y, place) {
    const {x: inputs, y: angles} = one.curve;
    const x = linear(inputs[0], inputs[inputs.length - 1], place.left, place.right);
    const points = inputs.map((value, i) => [x(value), y(angles[i])]);
    svg.append(s("path", {class: "curve", style: `color: ${one.arm.color}`, d: pathThrough(points)}));
    const ends = [
        [inputs[0], "start"],
        [0, "middle"],
        [inputs[inputs.length - 1], "end"],
    ];
    for (const [value, anchor] of ends) {
        const text = formatValue(Number(value.toPrecision(2)));
        axes.append(s("text", {x: x(value), y: place.bottom + 16, "text-anchor": anchor}, text));
    }
    const middle = (place.left + place.right) / 2;
    axes.append(s("text", {class: "label", x: middle, y: place.bottom + 32, "text-anchor": "middle"}, "activation φ"));
}

/** Shares as tints, an epoch a column. */
function drawShares(svg, axes, one, y, place) {
    const {epochs} = one.bins[0];
    const x = linear(0, epochs.length, place.left, place.right);
    const shares = epochs.map((_, e) => sharesAt(one, e));
    const most = Math.max(...shares.flat());
    const cells = s("g", {class: "heat", style: `color: ${one.arm.color}`});
    shares.forEach((column, e) => {
        const edges = linear(0, column.length, y(one.low[e]), y(one.high[e]));
        column.forEach((share, b) => {
            if (share === 0) return;
            // Whole pixels, so that neighbours neither part nor overlap.
            const [left, right, top, foot] = [x(e), x(e + 1), edges(b + 1), edges(b)].map(Math.round);
            cells.append(
                s("rect", {
                    x: left,
                    y: top,
                    width: right - left,
                    height: foot - top,
                    "fill-opacity": Math.sqrt(share / most).toFixed(3),
                }),
            );
        });
    });
    svg.append(cells);
    for (const e of [0, epochs.length - 1])
        axes.append(s("text", {x: x(e + 0.5), y: place.bottom + 16, "text-anchor": "middle"}, String(epochs[e])));
    const middle = (place.left + place.right) / 2;
    axes.append(s("text", {class: "label", x: middle, y: place.bottom + 32, "text-anchor": "middle"}, "epoch"));
}

function drawAngles(report, one, width) {
    const height = 236,
        left = 44,
        top = 22,
        bottom = height - 38,
        right = width - 8;
    const low = Math.min(...one.low.filter(Number.isFinite)),
        high = Math.max(...one.high.filter(Number.isFinite));
    const y = linear(low, high, bottom, top);
    const label =
        `Angles of ${one.arm.label}: share of training rows in ${one.bins.length} bins ` +
        `between ${formatValue(low)} and ${formatValue(high)}, by epoch`;
    const svg = s("svg", {viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label});
    const axes = s("g", {class: "axes"});
    for (const tick of angleTicks(low, high)) {
        axes.append(
            s("text", {x: left - 6, y: y(tick), dy: "0.32em", "text-anchor": "end"}, formatValue(tick)),
            s("line", {class: "grid", x1: left, x2: right, y1: y(tick), y2: y(tick)}),
        );
    }
    axes.append(s("text", {class: "label", x: 0, y: 10}, "angle"));
    svg.append(axes);
    const split = one.curve ? left + Math.min(130, width * 0.33) : left;
    if (one.curve) drawNormalizer(svg, axes, one, y, {left, right: split - 10, bottom});
    drawShares(svg, axes, one, y, {left: split + (one.curve ? 10 : 0), right, bottom});
    return svg;
}

function makeAngleFigure(report) {
    if (!report.data.curves.some(curve => /\.histogram\.\d+$/.test(curve.name))) return null;
    return makeFigure({
        title: "Where the angles lie",
        reading:
            "Left, the normalizer from activation to angle, over three deviations of its input. Right, on the same axis of " +
            "angles, the share of training rows in each bin, epoch by epoch, over all qubits; darker is more. Rows that crowd " +
            "at the ends of the range have little slope left to learn by.",
        file: "angles.csv",
        draw: width =>
            makePanels(width, 330, findHistograms(report), (one, w) => ({arm: one.arm, svg: drawAngles(report, one, w)})),
        getData: () => ({
            columns: ["model", "task", "monitor", "epoch", "bin", "from", "to", "share"],
            rows: findHistograms(report).flatMap(one =>
                one.bins[0].epochs.flatMap((epoch, e) => {
                    const edge = linear(0, one.bins.length, one.low[e], one.high[e]);
                    return sharesAt(one, e).map((share, b) => [
                        one.arm.label,
                        report.fits[one.bins[0].fit].name,
                        one.monitor,
                        epoch,
                        b,
                        edge(b),
                        edge(b + 1),
                        share,
                    ]);
                }),
            ),
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

/** a/sd(φ): what of a normalizer's width data can tell, as the layer before may rescale φ. */
function makeRatioFigure(report) {
    return makeCurveFigure(report, {
        title: "Width over spread, a/sd(φ)",
        reading:
            "How wide the normalizer is, in deviations of the activations φ that come in, the mean over qubits, on a " +
            "logarithmic scale. The layer before can rescale φ at will, so this, and not a itself, is what data can " +
            "tell apart: below 1 angles crowd, far above 1 the normalizer is a straight line.",
        file: "scale-ratios.csv",
        accept: curve => curve.name.endsWith(".scale-ratio"),
        style: () => ({text: "a/sd(φ)"}),
        log: true,
        yLabel: "a/sd(φ)",
    });
}
