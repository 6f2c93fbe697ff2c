// SPDX-License-Identifier: LGPL-2.1-or-later
// What was recorded epoch by epoch: losses, gradients, learned scalars.

/** Curves of one arm by name. */
function curvesOf(report, arm) {
    return new Map(
        report
            .curves(report.task)
            .filter(curve => curve.arm === arm.index)
            .map(curve => [curve.name, curve]),
    );
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
function drawCurve(svg, curve, x, y, color, dash, clip) {
    const place = (epoch, value) => (value === null ? null : [x(epoch), y(Math.max(clip[0], Math.min(clip[1], value)))]);
    if (curve.deviations) {
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

function curveValues(curves) {
    return curves.flatMap(curve =>
        curve.means.flatMap((value, i) => {
            const deviation = curve.deviations?.[i] ?? 0;
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
                report.tasks[curve.task],
                curve.name,
                epoch,
                curve.means[i],
                curve.deviations?.[i],
                curve.counts?.[i] ?? curve.fits,
            ]),
        ),
    };
}

/** Small multiples, an arm each, of some columns; style(name) gives {dash, color?, text}. */
function makeCurveFigure(report, {title, reading, file, accept, style, log = false, yLabel, from = null}) {
    const all = () => report.curves(report.task).filter(curve => accept(curve));
    if (!report.data.curves.some(curve => accept(curve))) return null;
    return makeFigure({
        title,
        reading,
        file,
        draw: width => {
            const curves = all();
            const arms = report.shown.filter(arm => curves.some(curve => curve.arm === arm.index));
            let [low, high] = log
                ? extent(
                      curveValues(curves).filter(value => value > 0),
                      0,
                  )
                : extent(curveValues(curves));
            if (from !== null) low = Math.min(from, low);
            const last = Math.max(1, ...curves.flatMap(curve => curve.epochs));
            return makePanels(width, 260, arms, (arm, w) => {
                const height = 190,
                    margin = {left: 42, right: 62, top: 24, bottom: 36};
                const x = linear(0, last, margin.left, w - margin.right);
                const y = (log ? logarithmic : linear)(low, high, height - margin.bottom, margin.top);
                const own = curves.filter(curve => curve.arm === arm.index);
                const svg = makePlot({
                    width: w,
                    height,
                    x,
                    y,
                    margin,
                    xTicks: 3,
                    xLabel: "epoch",
                    yLabel,
                    label: `${title} of ${arm.label} over ${last + 1} epochs`,
                });
                const ends = own.map(curve => {
                    const i = curve.means.findLastIndex(value => value !== null);
                    return {x: x(curve.epochs[i] ?? 0), y: y(Math.max(low, Math.min(high, curve.means[i] ?? low)))};
                });
                const places = spreadLabels(
                    ends.map(end => end.y),
                    13,
                    margin.top,
                    height - margin.bottom - 7,
                );
                own.forEach((curve, i) => {
                    const look = style(curve.name, own);
                    drawCurve(svg, curve, x, y, look.color ?? arm.color, look.dash, [low, high]);
                    if (look.least) {
                        const k = findLeast(curve);
                        svg.append(
                            s(
                                "circle",
                                {
                                    class: "least",
                                    style: `color: ${arm.color}`,
                                    cx: x(curve.epochs[k]),
                                    cy: y(curve.means[k]),
                                    r: 3.5,
                                },
                                s("title", {}, `least at epoch ${curve.epochs[k]}: ${formatScore(curve.means[k])}`),
                            ),
                        );
                    }
                    if (look.text)
                        svg.append(
                            s(
                                "text",
                                {
                                    class: "end",
                                    x: Math.min(ends[i].x + 6, w - margin.right + 6),
                                    y: places[i],
                                    dy: "0.32em",
                                },
                                look.text,
                            ),
                        );
                });
                return {arm, svg};
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
                ? " Lines are means over folds and seeds, bands one standard deviation; fits that stopped early leave the mean."
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
