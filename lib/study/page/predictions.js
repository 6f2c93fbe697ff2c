// SPDX-License-Identifier: LGPL-2.1-or-later
// What models said of single rows: ROC curves, and predicted against measured.

function drawRoc(report, curves, chosen, width) {
    const size = Math.min(width, 340),
        margin = {left: 34, right: 8, top: 14, bottom: 36};
    const x = linear(0, 1, margin.left, size - margin.right),
        y = linear(0, 1, size - margin.bottom, margin.top);
    const arm = report.arms[chosen.arm];
    const svg = makePlot({
        width: size,
        height: size,
        x,
        y,
        margin,
        xTicks: 2,
        yTicks: 2,
        xLabel: "false positive rate",
        label: `ROC curve of ${arm.label}: true positive rate over false positive rate`,
    });
    svg.append(s("line", {class: "reference null", x1: x(0), y1: y(0), x2: x(1), y2: y(1)}));
    for (const curve of curves) {
        if (curve !== chosen)
            svg.append(s("path", {class: "ghost", d: pathThrough(curve.fpr.map((v, i) => [x(v), y(curve.tpr[i])]))}));
    }
    if (chosen.deviations) {
        const clamp = value => Math.max(0, Math.min(1, value));
        const upper = chosen.fpr.map((v, i) => [x(v), y(clamp(chosen.tpr[i] + chosen.deviations[i]))]);
        const lower = chosen.fpr.map((v, i) => [x(v), y(clamp(chosen.tpr[i] - chosen.deviations[i]))]);
        svg.append(
            s("path", {class: "band", style: `color: ${arm.color}`, d: pathThrough([...upper, ...lower.reverse()]) + "Z"}),
        );
    }
    svg.append(
        s("path", {
            class: "curve",
            style: `color: ${arm.color}`,
            d: pathThrough(chosen.fpr.map((v, i) => [x(v), y(chosen.tpr[i])])),
        }),
    );
    return svg;
}

function makeRocFigure(report) {
    if (report.data.roc.length === 0) return null;
    const find = () => report.data.roc.filter(curve => curve.task === report.task && report.isShown(curve.arm));
    return makeFigure({
        title: "ROC curves",
        reading:
            "True positive rate over false positive rate, sensitive being the positive class; the other models in grey." +
            (report.data.kind === "study"
                ? " Of several fits, curves are averaged vertically and the band is one standard deviation."
                : ""),
        file: "roc.csv",
        draw: width => {
            const curves = find();
            const value = curve => report.estimate(report.arms[curve.arm], report.task)?.mean;
            const order = [...curves].sort((a, b) => value(b) - value(a));
            return makePanels(width, 220, order, (curve, w) => ({
                arm: report.arms[curve.arm],
                value: formatScore(value(curve)),
                svg: drawRoc(report, curves, curve, w),
            }));
        },
        getData: () => ({
            columns: ["model", "task", "false positive rate", "true positive rate", "deviation", "fits"],
            rows: find().flatMap(curve =>
                curve.fpr.map((v, i) => [
                    report.arms[curve.arm].label,
                    report.tasks[curve.task],
                    v,
                    curve.tpr[i],
                    curve.deviations?.[i],
                    curve.fits,
                ]),
            ),
        }),
    });
}

/** The cut between sensitive and resistant, where all of a task's results agree on one. */
function findThreshold(report, arm) {
    const cuts = new Set(report.results(arm, report.task).map(result => result.scores[report.role]?.threshold));
    const [cut] = cuts;
    return cuts.size === 1 && Number.isFinite(cut) ? cut : null;
}

function drawScatter(report, rows, prediction, range, width) {
    const size = Math.min(width, 340),
        margin = {left: 34, right: 8, top: 14, bottom: 36};
    const x = linear(...range, margin.left, size - margin.right),
        y = linear(...range, size - margin.bottom, margin.top);
    const arm = report.arms[prediction.arm],
        cut = findThreshold(report, arm);
    const svg = makePlot({
        width: size,
        height: size,
        x,
        y,
        margin,
        xTicks: 5,
        yTicks: 5,
        xLabel: "measured",
        label: `Predicted against measured values of ${plural(rows.targets.length, "row")}, by ${arm.label}`,
    });
    svg.append(s("line", {class: "reference null", x1: x(range[0]), y1: y(range[0]), x2: x(range[1]), y2: y(range[1])}));
    if (cut !== null) {
        svg.append(s("line", {class: "reference mean", x1: x(cut), x2: x(cut), y1: y(range[0]), y2: y(range[1])}));
    }
    const dots = s("g", {class: "dots", style: `color: ${arm.color}`});
    prediction.values.forEach((value, i) => {
        if (value !== null) {
            dots.append(
                s(
                    "circle",
                    {
                        cx: x(rows.targets[i]).toFixed(1),
                        cy: y(Math.max(range[0], Math.min(range[1], value))).toFixed(1),
                        r: 2.4,
                    },
                    s(
                        "title",
                        {},
                        `${rows.ids[i]}${rows.tissues[i] ? ` (${rows.tissues[i]})` : ""}: measured ` +
                            `${formatScore(rows.targets[i], 2)}, predicted ${formatScore(value, 2)}`,
                    ),
                ),
            );
        }
    });
    svg.append(dots);
    return svg;
}

/** Pearson's r as it was scored, the mean over fits: that of averaged or pooled predictions would flatter or mislead. */
function meanPearson(report, arm) {
    const found = report.results(arm, report.task).map(result => result.scores[report.role]?.pearson);
    const defined = found.filter(Number.isFinite);
    return defined.length > 0 ? mean(defined) : null;
}

function makeScatterFigure(report) {
    if (report.data.rows.length === 0) return null;
    const find = () => report.data.rows.find(rows => rows.task === report.task);
    return makeFigure({
        title: "Predicted against measured",
        reading:
            `One dot a ${report.role} ` +
            `row${report.data.kind === "study" ? ", its predictions averaged over the fits that had not seen it" : ""}; ` +
            "the diagonal is a perfect prediction, the upright line the cut between sensitive and resistant. Axes " +
            "are alike, so a narrow cloud shows a model that dares little. r is Pearson's" +
            (report.data.kind === "study" ? ", the mean over fits." : "."),
        file: "predictions.csv",
        draw: width => {
            const rows = find();
            if (!rows) return h("p", {class: "note"}, "No predictions were recorded.");
            const shown = rows.predictions.filter(one => report.isShown(one.arm));
            const range = extent([...rows.targets, ...shown.flatMap(one => one.values)], 0.03);
            const r = new Map(shown.map(one => [one, meanPearson(report, report.arms[one.arm])]));
            const order = [...shown].sort((a, b) => (r.get(b) || 0) - (r.get(a) || 0));
            return makePanels(width, 220, order, (one, w) => ({
                arm: report.arms[one.arm],
                value: `r ${formatScore(r.get(one), 2)}`,
                svg: drawScatter(report, rows, one, range, w),
            }));
        },
        getData: () => {
            const rows = find(),
                shown = rows?.predictions.filter(one => report.isShown(one.arm)) ?? [];
            return {
                columns: ["row", "tissue", "measured", ...shown.map(one => report.arms[one.arm].label)],
                rows:
                    rows?.ids.map((id, i) => [id, rows.tissues[i], rows.targets[i], ...shown.map(one => one.values[i])]) ??
                    [],
            };
        },
    });
}
