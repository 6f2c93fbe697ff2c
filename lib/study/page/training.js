// SPDX-License-Identifier: LGPL-2.1-or-later
// What was recorded epoch by epoch: losses, gradients, learned scalars.

/** A curve as far as at least half of its fits went: what is left later is no mean of the same fits. */
function trimTail(curve) {
    const end = curve.counts ? curve.counts.findLastIndex(n => 2 * n >= curve.fits) + 1 : curve.epochs.length;
    const cut = list => list?.slice(0, end);
    return {...curve, epochs: cut(curve.epochs), means: cut(curve.means), deviations: cut(curve.deviations)};
}

/** Where the mean of a curve is least. */
function findLeast(curve) {
    let least = 0;
    curve.means.forEach((value, i) => {
        if (value !== null && (curve.means[least] === null || value < curve.means[least])) least = i;
    });
    return least;
}

/** A line with its band of one deviation where there are several fits. */
function drawCurve(svg, curve, x, y, color, dash, clip, banded) {
    const place = (epoch, value) => (value === null ? null : [x(epoch), y(Math.max(clip[0], Math.min(clip[1], value)))]);
    if (curve.deviations && banded) {
        const inside = curve.epochs.map((_, i) => i).filter(i => curve.means[i] !== null && curve.deviations[i] !== null);
        const edge = sign => inside.map(i => place(curve.epochs[i], curve.means[i] + sign * curve.deviations[i]));
        if (inside.length > 1)
            svg.append(
                s("path", {
                    class: "band",
                    style: `color: ${color}`,
                    d: pathThrough([...edge(1), ...edge(-1).reverse()]) + "Z",
                }),
            );
    }
    svg.append(
        s("path", {
            class: "curve",
            style: `color: ${color}`,
            "stroke-dasharray": dash,
            d: pathThrough(curve.epochs.map((epoch, i) => place(epoch, curve.means[i]))),
        }),
    );
}

function curveValues(curves, banded) {
    return curves.flatMap(curve =>
        curve.means.flatMap((value, i) => {
            const deviation = (banded && curve.deviations?.[i]) || 0;
            return value === null ? [] : [value - deviation, value + deviation];
        }),
    );
}

/** Rows of a table of curves. */
function curveRows(report, curves) {
    return {
        columns: ["model", "task", "column", "epoch", "mean", "deviation", "fits"],
        rows: curves.flatMap(curve =>
            curve.epochs.map((epoch, i) => [
                report.arms[curve.arm].label,
                report.fits[curve.fit].name,
                curve.name,
                epoch,
                curve.means[i],
                curve.deviations?.[i],
                curve.counts?.[i] ?? curve.fits,
            ]),
        ),
    };
}

/** A curve's end, for its label, and the ring where it is least. */
function drawEnd(svg, curve, look, x, y, height, right) {
    const last = curve.means.findLastIndex(value => value !== null);
    if (look.least) {
        const k = findLeast(curve);
        const ring = {class: "least", cx: x(curve.epochs[k]), cy: y(curve.means[k]), r: 3.5, style: `color: ${look.color}`};
        svg.append(s("circle", ring, s("title", {}, `least at epoch ${curve.epochs[k]}: ${formatScore(curve.means[k])}`)));
    }
    if (look.text) {
        const place = {class: "end", x: Math.min(x(curve.epochs[last] ?? 0), right) + 6, y: height, dy: "0.32em"};
        svg.append(s("text", place, look.text));
    }
}

/** The columns of one arm over epochs. */
function drawCurves(curves, arm, {title, style, log, yLabel}, {low, high, last}, width) {
    const height = 190,
        margin = {left: 42, right: 62, top: 24, bottom: 36};
    const scale = linear(0, last, margin.left, width - margin.right);
    const x = Object.assign(scale, {ticks: n => ticks(0, last, n).filter(Number.isInteger)});
    const y = (log ? logarithmic : linear)(low, high, height - margin.bottom, margin.top);
    const label = `${title} of ${arm.label} over ${last + 1} epochs`;
    const svg = makePlot({width, height, x, y, margin, xTicks: 3, xLabel: "epoch", yLabel, label});
    const looks = curves.map(curve => ({color: arm.color, ...style(curve.name)}));
    const ends = curves.map(curve =>
        y(Math.max(low, Math.min(high, curve.means.findLast(value => value !== null) ?? low))),
    );
    const places = spreadLabels(ends, 13, margin.top, height - margin.bottom - 7);
    curves.forEach((curve, i) => {
        drawCurve(svg, curve, x, y, looks[i].color, looks[i].dash, [low, high], !log);
        drawEnd(svg, curve, looks[i], x, y, places[i], width - margin.right);
    });
    return svg;
}

/** Small multiples, an arm each, of the columns that accept() takes; style(name) gives {dash, text, least}. */
function makeCurveFigure(report, options) {
    const {title, reading, file, accept, log = false, from = null} = options;
    const all = () => report.curves(report.task).filter(accept);
    if (!report.data.curves.some(accept)) return null;
    return makeFigure({
        title,
        reading,
        file,
        draw: width => {
            const curves = all().map(trimTail);
            const arms = report.shown.filter(arm => curves.some(curve => curve.arm === arm.index));
            const values = curveValues(curves, !log).filter(value => !log || value > 0);
            const [low, high] = extent(from === null ? values : [from, ...values], log ? 0 : 0.04);
            const last = Math.max(1, ...curves.flatMap(curve => curve.epochs));
            return makePanels(width, 260, arms, (arm, w) => {
                const own = curves.filter(curve => curve.arm === arm.index);
                return {arm, svg: drawCurves(own, arm, {log, ...options}, {low, high, last}, w)};
            });
        },
        getData: () => curveRows(report, all()),
    });
}

function makeLossFigure(report) {
    const several = report.data.curves.some(curve => curve.fits > 1);
    return makeCurveFigure(report, {
        title: "Learning curves",
        reading:
            "Mean squared error of the standardized target by epoch: dashed on training rows, solid on validation " +
            "rows; the ring is where validation is best, whose weights are " +
            "kept." +
            (several
                ? " Lines are means over folds and seeds as long as half of the fits go on, bands one standard deviation."
                : ""),
        file: "learning-curves.csv",
        accept: curve => curve.name === "train-loss" || curve.name === "validation-loss",
        style: name => (name === "train-loss" ? {dash: "3 3", text: "train"} : {text: "validation", least: true}),
        yLabel: "loss",
    });
}

function makeGradientFigure(report) {
    return makeCurveFigure(report, {
        title: "Gradient norms",
        reading:
            "How large the loss's gradient is, on a logarithmic scale: solid over all parameters, dotted where " +
            "it arrives at the angles (for models that have any). A line that falls by orders of magnitude is a " +
            "model that stops learning; at the angles it is what the circuit lets through.",
        file: "gradient-norms.csv",
        accept: curve => curve.name === "gradient-norm" || curve.name === "interface-gradient-norm",
        style: name => (name === "gradient-norm" ? {text: "all"} : {dash: "1 3", text: "angles"}),
        log: true,
        yLabel: "norm",
    });
}

/** "normalize.a" or "normalize.a.3": a learned scalar of a layer. */
function isLearned(report, curve) {
    const [node, name] = curve.name.split(".");
    const graph = report.graphs[report.arms[curve.arm].pipeline];
    const found = graph?.byId.get(node);
    return found !== undefined && found.category !== "monitor" && found.properties[name] !== undefined;
}

function makeScalarFigures(report) {
    const names = [
        ...new Set(report.data.curves.filter(curve => isLearned(report, curve)).map(curve => curve.name.split(".")[1])),
    ];
    return names.map(name =>
        makeCurveFigure(report, {
            title: `Learned ${name}`,
            reading: `The value of ${name} as it was learned, one line a qubit where each has its own.`,
            file: `learned-${name}.csv`,
            accept: curve => isLearned(report, curve) && curve.name.split(".")[1] === name,
            style: column => ({text: column.split(".")[2] === undefined ? name : `q${column.split(".")[2]}`}),
            yLabel: name,
        }),
    );
}
