// SPDX-License-Identifier: LGPL-2.1-or-later
// Builds the page from the document, and again when a study that is being watched has gone on.

function section(id, title, intro, ...figures) {
    const found = figures.flat().filter(Boolean);
    return found.length === 0
        ? null
        : h(
              "section",
              {id, "aria-labelledby": `${id}-title`},
              h("h2", {id: `${id}-title`}, title),
              intro ? h("p", {class: "intro"}, intro) : null,
              found,
          );
}

/** Which models are drawn, each with its colour and mark; and for which task, where there are several. */
function makeModels(report) {
    return h(
        "section",
        {id: "models", "aria-labelledby": "models-title"},
        h("h2", {id: "models-title"}, "The models"),
        h(
            "fieldset",
            {class: "models"},
            h(
                "legend",
                {},
                "Each has one colour and mark throughout. Clear a box to leave a model out of the drawings.",
                report.hidden.size > 0 ? ` Of these ${report.arms.length}, ${report.hidden.size} are left out now.` : null,
            ),
            report.arms.map(arm => {
                const box = h("input", {
                    type: "checkbox",
                    checked: report.isShown(arm.index),
                    onchange: () => {
                        report.hidden[box.checked ? "delete" : "add"](arm.index);
                        redrawAll();
                    },
                });
                return h(
                    "label",
                    {},
                    box,
                    swatch(arm),
                    h(
                        "span",
                        {},
                        h("span", {class: "name"}, arm.label),
                        h("span", {class: "detail"}, ` ${KINDS[arm.kind]}${arm.detail ? `: ${arm.detail}` : ""}`),
                    ),
                );
            }),
        ),
    );
}

function makeTaskChoice(report) {
    if (report.tasks.length < 2) return null;
    return h(
        "fieldset",
        {class: "tasks"},
        h("legend", {}, "Drawn for"),
        report.tasks.map((task, i) => {
            const button = h("input", {
                type: "radio",
                name: "task",
                value: i,
                checked: report.task === i,
                onchange: () => {
                    report.task = i;
                    redrawAll();
                },
            });
            return h("label", {}, button, h("span", {}, task));
        }),
    );
}

function tellScope(report) {
    const first = report.data.results.filter(result => result.arm === report.data.results[0].arm);
    const counts = first.map(result => result.scores[report.role]?.n).filter(Number.isFinite);
    const n = counts.length > 0 ? counts.reduce((a, b) => a + b, 0) : undefined;
    const seeds = new Set(report.data.results.map(result => result.replicate)).size;
    const folds = new Set(report.data.results.map(result => result.resample)).size;
    const parts = [plural(report.arms.length, "model")];
    if (report.data.kind === "run") {
        parts.push(n === undefined ? null : plural(n, `${report.role} row`));
        const drug = report.graphs[0]?.nodes.map(node => node.properties.drug).find(Boolean);
        parts.unshift(report.tasks.length > 1 ? plural(report.tasks.length, "drug") : (drug ?? null));
    } else {
        parts.push(
            report.tasks.join("") === "" ? null : plural(report.tasks.length, "task"),
            plural(folds, "fold"),
            plural(seeds, "seed"),
        );
        const {status} = report.data;
        if (status)
            parts.push(
                `${(status.done ?? 0).toLocaleString("en")} of ${plural(
                    Object.values(status).reduce((a, b) => a + b, 0),
                    "trial",
                )} done`,
            );
    }
    return parts.filter(Boolean).join(" · ");
}

function makeSections(report) {
    return [
        makeVerdict(report),
        makeWarnings(report),
        makeModels(report),
        section(
            "scores",
            "Scores",
            null,
            makeControlFigure(report) ?? [
                makeScoreFigures(report),
                makeDifferenceFigure(report),
                makeRankFigure(report),
                makeLandscapeFigure(report),
                makeTransferFigure(report),
            ],
        ),
        makeTaskChoice(report),
        section(
            "predictions",
            "Predictions",
            null,
            makeRocFigure(report),
            makeScatterFigure(report),
            makeReliabilityFigure(report),
        ),
        section("genes", "Genes", null, makeStabilityFigure(report), makeLeadersFigure(report)),
        section("training", "Training", null, makeLossFigure(report), makeGradientFigure(report)),
        section(
            "angles",
            "Angles",
            null,
            makeAngleFigure(report),
            makeCrowdingFigure(report),
            makeSlopeFigure(report),
            makeRatioFigure(report),
            makeScalarFigures(report),
        ),
        section(
            "circuits",
            "The circuits",
            null,
            makeCircuitFigure(report),
            makeSpectrumFigure(report),
            makeScanFigure(report),
        ),
        section("pipeline", "The experiment", null, makeGraphFigure(report)),
        makeProvenance(report),
        makeScoreTable(report),
    ].filter(Boolean);
}

function makeContents(sections) {
    return h(
        "nav",
        {"aria-label": "Contents"},
        h(
            "ol",
            {},
            sections
                .filter(one => one.id)
                .map(one =>
                    h(
                        "li",
                        {},
                        h(
                            "a",
                            {href: `#${one.id}`},
                            one.id === "verdict" ? "Verdict" : one.querySelector("h2").textContent,
                        ),
                    ),
                ),
        ),
    );
}

function makeThemeToggle() {
    const root = document.documentElement;
    const isDark = () =>
        (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const button = h("button", {
        type: "button",
        class: "quiet",
        onclick: () => {
            root.dataset.theme = isDark() ? "light" : "dark";
            tell();
        },
    });
    const tell = () => {
        button.textContent = isDark() ? "Light" : "Dark";
        button.setAttribute("aria-label", `Switch to ${isDark() ? "light" : "dark"} colours`);
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
    tell();
    return button;
}

/** Draws the whole page; what was chosen on the one before stays chosen. */
function build(data, before = null) {
    DOWNLOADS.clear();
    changes = new EventTarget();
    const report = new Report(data);
    if (before) {
        const hidden = [...before.hidden].map(index => before.arms[index].id);
        report.hidden = new Set(report.arms.filter(arm => hidden.includes(arm.id)).map(arm => arm.index));
        report.task = Math.max(0, report.tasks.indexOf(before.tasks[before.task]));
    }
    document.title = `${data.title} – Qrx report`;
    const sections = makeSections(report);
    const top = h("div", {class: "top"}, h("p", {class: "eyebrow"}, `Qrx report of a ${data.kind}`), makeThemeToggle());
    const scope = h("p", {class: "scope"}, tellScope(report));
    document.querySelector("header").replaceChildren(top, h("h1", {}, data.title), scope);
    document.querySelector("#contents").replaceChildren(makeContents(sections));
    document.querySelector("main").replaceChildren(...sections);
    return report;
}

/** Asks the server that served this page for what is new, until it no longer answers. */
async function follow(address, report) {
    const note = document.querySelector("#live");
    const tell = text => {
        if (note.textContent !== text) note.textContent = text;
    };
    let known = JSON.stringify(report.data);
    for (;;) {
        let next;
        try {
            next = await (await fetch(address, {cache: "no-store"})).json();
        } catch {
            tell("The study is no longer being served: this is its last state.");
            return;
        }
        const busy = document.querySelector("main").contains(document.activeElement);
        tell(busy ? "Live, but waiting while a control has the focus." : "Live: this page follows the study.");
        if (!busy && JSON.stringify(next) !== known) {
            known = JSON.stringify(next);
            const place = scrollY;
            report = build(next, report);
            scrollTo({top: place, behavior: "instant"});
        }
        await new Promise(resolve => setTimeout(resolve, 2000));
    }
}

const report = build(JSON.parse(document.querySelector("#summary").textContent));
const address = document.documentElement.dataset.live;
if (address) follow(address, report);
