// SPDX-License-Identifier: LGPL-2.1-or-later
// Scores with their intervals, one row an arm, best first; and differences from a chosen arm.

const ROW = 30;

/** Where names stand: beside the rows, or above each where it is narrow. */
function layRows(width, arms) {
    const widest = Math.max(60, ...arms.map(arm => textWidth(arm.label) + 24));
    const narrow = width < 520 || widest > width * 0.42;
    return {narrow, left: narrow ? 4 : widest + 8, row: narrow ? 46 : ROW, middle: narrow ? 30 : ROW / 2};
}

/** Where text stands over lines they end at its edge, not between its letters. */
function drawBacking(x, y, text) {
    return s("rect", {class: "backing", x: x - 3, y: y - 10, width: textWidth(text) + 10, height: 20});
}

function drawName(arm, layout, y) {
    return s(
        "g",
        {},
        layout.narrow ? drawBacking(20, y - 16, arm.label) : null,
        drawMark(arm, 8, layout.narrow ? y - 16 : y, 4.5),
        s("text", {class: "name", x: 20, y: layout.narrow ? y - 16 : y, dy: "0.34em"}, arm.label),
    );
}

function drawReferences(svg, x, top, bottom, lines) {
    const widths = lines.map(line => textWidth(line.text, 11.5)),
        end = Number(svg.getAttribute("width"));
    const inside = lines.map((line, i) => Math.max(widths[i] / 2, Math.min(end - widths[i] / 2, x(line.value))));
    const labels = spreadX(inside, widths);
    lines.forEach((line, i) => {
        svg.append(
            s("line", {class: `reference ${line.kind}`, x1: x(line.value), x2: x(line.value), y1: top - 6, y2: bottom}),
            s("text", {class: "reference-label", x: labels[i], y: top - 11, "text-anchor": "middle"}, line.text),
        );
    });
}

/** Keeps neighbouring labels from overlapping, left to right. */
function spreadX(centres, widths) {
    const order = centres.map((_, i) => i).sort((a, b) => centres[a] - centres[b]);
    const placed = [...centres];
    order.forEach((i, k) => {
        const before = order[k - 1];
        if (k > 0) placed[i] = Math.max(placed[i], placed[before] + (widths[i] + widths[before]) / 2 + 8);
    });
    return placed;
}

/** The values of all estimates that are drawn, and the lines that they are held against. */
function scoreRange(report) {
    const values = [];
    for (const arm of report.shown) {
        report.tasks.forEach((_, task) => {
            const estimate = report.estimate(arm, task);
            if (estimate) values.push(estimate.mean, ...(estimate.interval ?? []));
        });
    }
    if (report.about.nothing !== null) values.push(report.about.nothing);
    return extent(values, 0.05);
}

function drawScores(report, task, width) {
    const arms = report.sorted(
        report.shown.filter(arm => report.estimate(arm, task)),
        arm => report.estimate(arm, task).mean,
    );
    const layout = layRows(width, arms);
    const [low, high] = scoreRange(report);
    const top = 34,
        right = 52,
        height = top + arms.length * layout.row + 40;
    const x = linear(low, high, layout.left, width - right);
    const best = arms[0];
    const svg = makePlot({
        width,
        height,
        x,
        xLabel: `${report.about.label}, ${report.role} rows`,
        margin: {left: layout.left, right, top, bottom: 38},
        label:
            `${report.about.label} of ` +
            `${plural(arms.length, "model")}${report.taskName(task) && ` on ${report.taskName(task)}`}; the best is ` +
            `${best.label} with ${formatScore(report.estimate(best, task).mean)}`,
    });
    const lines = [];
    if (report.about.nothing !== null)
        lines.push({value: report.about.nothing, text: report.score === "auc" ? "chance" : "nothing", kind: "null"});
    const baseline = report.meanBaseline && report.estimate(report.meanBaseline, task);
    if (baseline && Number.isFinite(baseline.mean))
        lines.push({
            value: baseline.mean,
            text: `${report.meanBaseline.node.properties.by ?? "global"} mean`,
            kind: "mean",
        });
    drawReferences(svg, x, top, height - 38, lines);
    arms.forEach((arm, i) => {
        const estimate = report.estimate(arm, task),
            y = top + i * layout.row + layout.middle;
        const row = s("g", {class: "row", style: `color: ${arm.color}`}, drawName(arm, layout, y));
        if (estimate.interval)
            row.append(
                s("line", {class: "interval", x1: x(estimate.interval[0]), x2: x(estimate.interval[1]), y1: y, y2: y}),
            );
        if (Number.isFinite(estimate.mean)) {
            row.append(
                drawMark(
                    arm,
                    x(estimate.mean),
                    y,
                    5.5,
                    `${arm.label}: ${formatScore(estimate.mean)} (${formatInterval(estimate.interval)})`,
                ),
            );
        }
        row.append(s("text", {class: "figure", x: width - right + 12, y, dy: "0.34em"}, formatScore(estimate.mean)));
        svg.append(row);
    });
    return svg;
}

/** How the intervals were made, in words. */
function describeIntervals(report) {
    const methods = new Set(report.data.comparison?.estimates.map(estimate => estimate.method).filter(Boolean));
    const words = {
        delong: "by DeLong's method, for one fixed model on one test set",
        influence: "from each line's influence on the mean of the folds' areas",
        "corrected-resampled-t": "from the folds, their overlap corrected for",
    };
    return [...methods].map(method => words[method] ?? method).join("; ");
}

function makeScoreFigures(report) {
    const how = describeIntervals(report);
    const draw = width => {
        const many = report.tasks.length > 1;
        if (!many) return drawScores(report, 0, width);
        return makePanels(
            width,
            420,
            report.tasks.map((_, task) => task),
            (task, w) => ({title: report.taskName(task), svg: drawScores(report, task, w)}),
        );
    };
    return makeFigure({
        title: `${report.about.label} of each model`,
        reading:
            `Dots are ${report.about.long}` +
            (report.data.kind === "study" ? ", the mean over folds with seeds averaged within each; " : "; ") +
            `bars are 95 % intervals${how ? `, ${how}` : ""}. Best on top.`,
        file: "scores.csv",
        draw,
        getData: () => ({
            columns: [
                "model",
                "task",
                report.score,
                "low",
                "high",
                "method",
                "reason",
                "fold deviation",
                "seed deviation",
                "folds",
            ],
            rows: report.tasks.flatMap((task, t) =>
                report
                    .sorted(report.shown, arm => report.estimate(arm, t)?.mean)
                    .map(arm => {
                        const one = report.estimate(arm, t);
                        return (
                            one && [
                                arm.label,
                                task,
                                one.mean,
                                one.interval?.[0],
                                one.interval?.[1],
                                one.method,
                                one.reason,
                                one["fold-deviation"],
                                one["seed-deviation"],
                                one.resamples.length,
                            ]
                        );
                    })
                    .filter(Boolean),
            ),
        }),
    });
}

const VERDICTS = {
    better: "better",
    worse: "worse",
    undecided: "not told apart",
    untested: "not tested",
};

function drawDifferences(report, reference, task, width) {
    const arms = report.sorted(
        report.shown.filter(arm => arm !== reference && report.pair(arm, reference, task)),
        arm => report.pair(arm, reference, task).difference,
    );
    if (arms.length === 0) return h("p", {class: "note"}, "Nothing to compare.");
    const layout = layRows(width, arms);
    const pairs = arms.map(arm => report.pair(arm, reference, task));
    const [low, high] = extent([0, ...pairs.flatMap(pair => [pair.difference, ...(pair.interval ?? [])])], 0.06);
    const right = layout.narrow ? 12 : 222,
        top = 30,
        height = top + arms.length * layout.row + 40;
    const x = linear(low, high, layout.left, width - right);
    const svg = makePlot({
        width,
        height,
        x,
        xLabel: `${report.about.label} less that of ${reference.label}`,
        margin: {left: layout.left, right, top, bottom: 38},
        label: `Differences in ${report.about.label} from ${reference.label}`,
    });
    drawReferences(svg, x, top, height - 38, [{value: 0, text: reference.label, kind: "mean"}]);
    arms.forEach((arm, i) => {
        const pair = pairs[i],
            y = top + i * layout.row + layout.middle;
        const p =
            pair["p-holm"] === null || pair["p-holm"] === undefined
                ? ""
                : `, p ${pair["p-holm"] < 0.001 ? "" : "= "}${formatP(pair["p-holm"])}`;
        const words = `${formatSigned(pair.difference)}${layout.narrow ? "" : ` ${VERDICTS[pair.verdict]}`}${p}`;
        const row = s("g", {class: `row ${pair.verdict}`, style: `color: ${arm.color}`}, drawName(arm, layout, y));
        if (pair.interval)
            row.append(s("line", {class: "interval", x1: x(pair.interval[0]), x2: x(pair.interval[1]), y1: y, y2: y}));
        if (Number.isFinite(pair.difference))
            row.append(drawMark(arm, x(pair.difference), y, 5.5, `${arm.label}: ${words}`));
        if (layout.narrow) row.append(drawBacking(width - right - textWidth(words), y - 16, words));
        row.append(
            layout.narrow
                ? s("text", {class: "figure", x: width - right, y: y - 16, dy: "0.34em", "text-anchor": "end"}, words)
                : s("text", {class: "figure", x: width - right + 14, y, dy: "0.34em"}, words),
        );
        svg.append(row);
    });
    return svg;
}

const TESTS = {
    delong: "DeLong's paired test on the same test rows",
    "corrected-resampled-t": "the corrected resampled t test over folds",
    wilcoxon: "Wilcoxon's signed-rank test over tasks",
};

/** The reasons why pairs were not tested, each once. */
function collectReasons(pairs) {
    return [...new Set(pairs.filter(pair => pair.reason).map(pair => pair.reason))];
}

function makeDifferenceFigure(report) {
    const candidates = report.arms.filter(arm => report.against(arm));
    if (candidates.length === 0 || report.arms.length < 2) return null;
    let reference = report.strongestBaseline ?? candidates[0];
    const tasks = report.tasks.map((_, task) => task);
    const scopes = report.tasks.length > 1 ? [null, ...tasks] : tasks;
    const used = () => [
        ...new Set(scopes.flatMap(task => report.arms.map(arm => report.pair(arm, reference, task)?.test)).filter(Boolean)),
    ];
    const select = h(
        "select",
        {
            id: newId("reference"),
            onchange: () => {
                reference = candidates.find(arm => arm.id === select.value);
                redrawAll();
            },
        },
        candidates.map(arm => h("option", {value: arm.id, selected: arm === reference}, arm.label)),
    );
    return makeFigure({
        title: "How far apart they are",
        reading:
            `Each model's ${report.about.label} less that of a chosen one, on the same rows, with 95 % intervals. ` +
            (used().length > 0
                ? `Tested by ${listing(used().map(test => TESTS[test] ?? test))}; p values are adjusted by Holm's method.`
                : ""),
        file: "differences.csv",
        controls: h("p", {class: "controls"}, h("label", {for: select.id}, "Compare with "), select),
        draw: width => {
            const list =
                scopes.length === 1
                    ? drawDifferences(report, reference, scopes[0], width)
                    : makePanels(width, 460, scopes, (task, w) => ({
                          title: task === null ? "Over all tasks" : report.taskName(task),
                          svg: drawDifferences(report, reference, task, w),
                      }));
            const reasons = collectReasons(
                scopes.flatMap(task => report.shown.map(arm => report.pair(arm, reference, task)).filter(Boolean)),
            );
            return [list, ...reasons.map(reason => h("p", {class: "note refusal"}, `Not tested: ${reason}.`))];
        },
        getData: () => ({
            columns: [
                "model",
                "reference",
                "task",
                "difference",
                "low",
                "high",
                "effect",
                "test",
                "p",
                "p (Holm)",
                "verdict",
                "reason",
            ],
            rows: candidates.flatMap(base =>
                scopes.flatMap(task =>
                    report.shown
                        .map(arm => [arm, report.pair(arm, base, task)])
                        .filter(([, pair]) => pair)
                        .map(([arm, pair]) => [
                            arm.label,
                            base.label,
                            task === null ? "all" : report.tasks[task],
                            pair.difference,
                            pair.interval?.[0],
                            pair.interval?.[1],
                            pair.effect,
                            pair.test,
                            pair.p,
                            pair["p-holm"],
                            pair.verdict,
                            pair.reason,
                        ]),
                ),
            ),
        }),
    });
}
