// SPDX-License-Identifier: LGPL-2.1-or-later
// What settings chosen on one task are worth on another.

/** The matrix of one member of the pairs, tuned on (rows) by used on (columns). */
function transferCells(report, member) {
    const pairs = report.data.comparison.transfer;
    return report.tasks.map(from =>
        report.tasks.map(to => pairs.find(pair => pair.from === from && pair.to === to)?.[member] ?? null),
    );
}

function drawTransfer(report, member, range, width) {
    const cells = transferCells(report, member);
    return drawMatrix({
        width,
        rows: report.tasks,
        columns: report.tasks,
        cells,
        range,
        rowLabel: "chosen on",
        columnLabel: "used on",
        format: member === "score" ? formatScore : formatSigned,
        label: `${member} of settings chosen on one task and used on another`,
    });
}

function makeTransferFigure(report) {
    const pairs = report.data.comparison?.transfer;
    if (!pairs) return null;
    const losses = pairs.map(pair => Math.abs(pair.loss)).filter(Number.isFinite);
    const most = Math.max(0.001, ...losses);
    const panels = [
        {
            title: `Loss in ${report.about.label} against settings chosen on the task itself`,
            member: "loss",
            range: [-most, most],
        },
        {title: "Rank correlation of the settings' validation scores", member: "rank-correlation", range: [-1, 1]},
    ];
    return makeFigure({
        title: "Settings carried from task to task",
        reading:
            `What is best on the validation rows of one task (row), scored on the ${report.role} rows of another ` +
            "(column). A negative loss is luck: the carried setting happened to be the better one. Near 0, or with " +
            "a high rank correlation, tuning once would do.",
        file: "transfer.csv",
        draw: width =>
            makePanels(width, 360, panels, (panel, w) => ({
                title: panel.title,
                svg: drawTransfer(report, panel.member, panel.range, w),
            })),
        getData: () => ({
            columns: ["chosen on", "used on", "model", report.score, "loss", "rank correlation", "reason"],
            rows: pairs.map(pair => [
                pair.from,
                pair.to,
                report.byId.get(pair.arm)?.label ?? pair.arm,
                pair.score,
                pair.loss,
                pair["rank-correlation"],
                pair.reason,
            ]),
        }),
    });
}
