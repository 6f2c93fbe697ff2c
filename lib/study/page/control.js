// SPDX-License-Identifier: LGPL-2.1-or-later
// A study of permuted responses: how often intervals miss what nothing can beat, and tests find what is not there.

/** Shares with the range that the nominal rate allows for. */
function controlRows(report) {
    const {intervals, tests} = report.data.comparison.control;
    const name = id => report.byId.get(id)?.label ?? id;
    return [
        ...intervals.map(one => ({
            ...one,
            arm: report.byId.get(one.arm),
            what: "covered",
            count: one.covered,
            name: name(one.arm),
            text: `${name(one.arm)}: interval covers chance`,
        })),
        ...tests.map(one => ({
            ...one,
            arm: report.byId.get(one.arm),
            what: "rejected",
            count: one.rejected,
            name: `${name(one.arm)} against ${name(one.reference)}`,
            text: `${name(one.arm)} against ${name(one.reference)}: test finds a difference`,
        })),
    ];
}

/** Intervals have to cover at the nominal rate; tests may reject less than theirs. */
function isWithin(row) {
    if (row.share === null) return null;
    return (row.what === "rejected" || row.share >= row.tolerance[0]) && row.share <= row.tolerance[1];
}

function drawControl(rows, level, width) {
    const shown = rows.filter(row => row.share !== null);
    const [low, high] = extent([level, ...shown.flatMap(row => [row.share, ...row.tolerance])], 0.12);
    const top = 30,
        right = 52,
        line = 46,
        height = top + shown.length * line + 40;
    const x = linear(Math.max(0, low), Math.min(1, high), 8, width - right);
    const svg = makePlot({
        width,
        height,
        x,
        xLabel: "share of draws",
        margin: {left: 8, right, top, bottom: 38},
        label: shown.map(row => `${row.text}: ${formatScore(row.share)}`).join("; "),
    });
    drawReferences(svg, x, top, height - 38, [{value: level, text: `nominal ${formatScore(level, 2)}`, kind: "mean"}]);
    shown.forEach((row, i) => {
        const y = top + i * line + 30;
        svg.append(
            s(
                "g",
                {class: "row", style: `color: ${row.arm.color}`},
                s("text", {class: "name", x: 8, y: y - 16, dy: "0.34em"}, row.name),
                s("line", {class: "interval", x1: x(row.tolerance[0]), x2: x(row.tolerance[1]), y1: y, y2: y}),
                drawMark(row.arm, x(row.share), y, 5.5, `${row.count} of ${row.tasks}`),
                s("text", {class: "figure", x: width - right + 12, y, dy: "0.34em"}, formatScore(row.share)),
            ),
        );
    });
    return svg;
}

function makeControlFigure(report) {
    const control = report.data.comparison?.control;
    if (!control) return null;
    const rows = controlRows(report),
        percent = `${(100 * control.level).toFixed(0)} %`;
    const panels = ["covered", "rejected"].map(what => rows.filter(row => row.what === what && row.share !== null));
    return makeFigure({
        title: "How often intervals and tests err",
        reading:
            `In ${plural(report.tasks.length, "draw")} of permuted responses there is nothing to find: the ${percent} ` +
            `interval of each model's AUC should cover ${control.chance} in ${percent} of them, and a test of two ` +
            "models should find a difference in no more than the rest. Marks are the shares that were counted, bars " +
            "where 95 % of such counts fall when the rate is the nominal one (binomial).",
        file: "control.csv",
        draw: width =>
            makePanels(
                width,
                360,
                panels.filter(panel => panel.length > 0),
                (panel, w) => ({
                    title: panel[0].what === "covered" ? "Intervals that cover chance" : "Tests that find a difference",
                    svg: drawControl(panel, panel[0].what === "covered" ? control.level : 1 - control.level, w),
                }),
            ),
        getData: () => ({
            columns: ["model", "reference", "what", "draws", "count", "share", "low", "high", "within", "mean AUC"],
            rows: rows.map(row => [
                row.arm?.label,
                row.reference && (report.byId.get(row.reference)?.label ?? row.reference),
                row.what,
                row.tasks,
                row.count,
                row.share,
                row.tolerance?.[0],
                row.tolerance?.[1],
                isWithin(row),
                row.mean,
            ]),
        }),
    });
}

/** The verdict of such a study. */
function makeControlVerdict(report) {
    const rows = controlRows(report).filter(row => row.share !== null);
    const bad = rows.filter(row => !isWithin(row));
    const statement = row => ({
        kind: isWithin(row) ? "note" : "worse",
        content: [
            `${row.text} in ${row.count} of ${plural(row.tasks, "draw")} (${formatScore(row.share)}; ` +
                `${row.what === "rejected" ? "at most " : `${formatScore(row.tolerance[0])} to `}` +
                `${formatScore(row.tolerance[1])} by luck)`,
            row.mean === undefined ? "." : `; mean AUC ${formatScore(row.mean)}.`,
        ],
    });
    return {
        headline:
            rows.length === 0
                ? "No draw has an interval or a test yet."
                : bad.length === 0
                  ? "Nothing could be learned, and intervals and tests say so as often as they should."
                  : `${plural(bad.length, "interval or test", "intervals or tests")} of ${rows.length} err more often ` +
                    "than they may.",
        lead: `Responses were permuted in ${plural(report.tasks.length, "draw")}: whatever is found is an error.`,
        statements: [...rows.map(statement), ...tellStudySureness(report)],
    };
}
