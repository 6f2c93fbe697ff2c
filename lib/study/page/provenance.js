// SPDX-License-Identifier: LGPL-2.1-or-later
// Where everything came from: data with checksums, split, seeds, versions, citations; and all numbers as files.

function facts(entries) {
    return h(
        "dl",
        {class: "facts"},
        entries
            .filter(([, value]) => value !== null && value !== undefined && value !== "")
            .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    );
}

function describeNode(node) {
    const told = Object.entries(node.properties).filter(
        ([, value]) => value !== "" && value !== null && !(Array.isArray(value) && value.length === 0),
    );
    return [h("code", {}, node.type), " ", told.map(([name, value]) => `${name} ${formatScalar(value)}`).join(", ")];
}

function nodesOf(report, accept) {
    const seen = new Map();
    for (const graph of report.graphs) {
        for (const node of graph.nodes.filter(accept)) seen.set(JSON.stringify([node.type, node.properties]), node);
    }
    return [...seen.values()];
}

function uniqueNodes(report, accept) {
    const nodes = nodesOf(report, accept);
    return nodes.length === 0
        ? null
        : h(
              "ul",
              {class: "plain"},
              nodes.slice(0, 12).map(node => h("li", {}, describeNode(node))),
              nodes.length > 12 ? h("li", {}, `and ${nodes.length - 12} more`) : null,
          );
}

function listInputs(report) {
    const inputs = Object.entries(report.data.versions?.inputs ?? {});
    return inputs.length === 0
        ? "no files were read"
        : h(
              "ul",
              {class: "plain"},
              inputs.map(([path, digest]) =>
                  h("li", {}, h("code", {}, path), h("br", {}), h("code", {class: "digest"}, `sha256 ${digest}`)),
              ),
          );
}

/** A citation with its DOI or arXiv number as a link. */
function linkCitation(text) {
    const match = /(doi:\s?(10\.\S+)|arXiv:\s?(\d{4}\.\d{4,5}))/i.exec(text);
    if (!match) return [text];
    const doi = match[2]?.replace(/[.,;)]+$/, "");
    const shown = doi ? `doi:${doi}` : `arXiv:${match[3]}`;
    const href = doi ? `https://doi.org/${doi}` : `https://arxiv.org/abs/${match[3]}`;
    return [
        text.slice(0, match.index),
        h("a", {href, rel: "noreferrer"}, shown),
        text.slice(match.index + (doi ? text.slice(match.index).indexOf(doi) + doi.length : match[0].length)),
    ];
}

function listCitations(report) {
    const cited = new Map();
    for (const graph of report.graphs) {
        for (const node of graph.nodes) {
            for (const citation of node.citations) cited.set(citation, (cited.get(citation) ?? new Set()).add(node.type));
        }
    }
    for (const {type, citations} of report.data.circuits?.shown[0].measures ?? []) {
        for (const citation of citations) cited.set(citation, (cited.get(citation) ?? new Set()).add(type));
    }
    return h(
        "ul",
        {class: "citations"},
        [...cited].map(([citation, types]) =>
            h("li", {}, linkCitation(citation), h("span", {class: "note"}, ` for ${listing([...types])}`)),
        ),
    );
}

/** What was searched, by how many configurations of each model, and for how many epochs a network was fitted. */
function tellTuning(report) {
    if (!report.data.design?.configuration?.length) return null;
    const {sample = "grid", nested} = JSON.parse(report.data["study-text"]);
    const {type = sample, trials = 20} = sample;
    const trainers = report.graphs.flatMap(graph => graph.nodes.filter(node => node.type === "trainer"));
    const epochs = Math.max(0, ...trainers.map(node => node.properties.epochs));
    const parts = [
        type === "grid" ? "all configurations of each model" : `${plural(trials, "configuration")} of each model (${type})`,
        nested ? `for each fold anew on ${nested.folds} folds of its training rows` : null,
        epochs > 0 ? `at most ${plural(epochs, "epoch")} a network` : null,
    ];
    return parts.filter(Boolean).join(", ");
}

/** What each model was given, in trials, epochs and time, its searches included. */
function listBudgets(report) {
    const budgets = report.data.budgets ?? [];
    if (budgets.length === 0) return null;
    const given = budgets.map(budget => budget.epochs).filter(n => n !== undefined);
    const [least, most] = [Math.min(...given), Math.max(...given)].map(n => n.toLocaleString("en"));
    const getData = () => ({
        columns: ["model", "trials", "configurations", "epochs", "seconds"],
        rows: budgets.map(({arm, trials, configurations, epochs, seconds}) => [arm, trials, configurations, epochs, seconds]),
    });
    return [
        h("h3", {}, "What each model was given"),
        h(
            "p",
            {},
            "Trials that are done, tuning included, the configurations among them, and the epochs that networks ran",
            given.length > 0 ? `: ${least === most ? least : `${least} to ${most}`} a model.` : ".",
        ),
        makeNumbers("What each model was given", "budgets.csv", getData).element,
    ];
}

function makeProvenance(report) {
    const {versions, design, status} = report.data;
    const seeds = [...new Set(report.data.results.map(result => result.replicate))].sort((a, b) => Number(a) - Number(b));
    return h(
        "section",
        {id: "provenance", "aria-labelledby": "provenance-title"},
        h("h2", {id: "provenance-title"}, "Where it comes from"),
        facts([
            [report.data.kind === "run" ? "Run" : "Study", h("code", {}, report.data.source)],
            [
                "Trials",
                status &&
                    Object.entries(status)
                        .map(([state, n]) => `${n} ${state}`)
                        .join(", "),
            ],
            ["Data", uniqueNodes(report, node => node.category === "data")],
            ["Files", listInputs(report)],
            ["Split", uniqueNodes(report, node => node.type === "split")],
            [
                "Design",
                design &&
                    Object.entries(design)
                        .filter(([, list]) => list.length > 0)
                        .map(([name, list]) => `${name}: ${listing(list)}`)
                        .join("; "),
            ],
            ["Tuning", tellTuning(report)],
            ["Seeds", listing(seeds.filter(seed => seed !== ""))],
            ["Training", uniqueNodes(report, node => node.type === "trainer")],
            [
                "Qrx",
                versions && [
                    `version ${versions["qrx-version"]}, quantum kernels `,
                    h("code", {}, versions["kernel-level"]),
                    ", BLAS core ",
                    h("code", {}, versions.blas),
                ],
            ],
        ]),
        listBudgets(report),
        h("h3", {}, "Cited by what ran"),
        listCitations(report),
    );
}

/** Every score of every role, one row each. */
function allScores(report) {
    const names = [
        ...new Set(
            report.data.results.flatMap(result => Object.values(result.scores).flatMap(scores => Object.keys(scores))),
        ),
    ].filter(name => name !== "reasons");
    const columns = names.flatMap(name => (name.includes("_ci95") ? [`${name} low`, `${name} high`] : [name]));
    return {
        columns: ["model", "task", "resample", "seed", "role", ...columns],
        rows: report.data.results.flatMap(result =>
            Object.entries(result.scores).map(([role, scores]) => [
                report.arms[result.arm].label,
                report.tasks[result.task],
                result.resample,
                result.replicate,
                role,
                ...names.flatMap(name =>
                    name.includes("_ci95") ? [scores[name]?.[0], scores[name]?.[1]] : [scores[name] ?? null],
                ),
            ]),
        ),
    };
}

function makeScoreTable(report) {
    const data = () => allScores(report);
    const numbers = makeNumbers("All scores", "all-scores.csv", data);
    return h(
        "section",
        {id: "numbers", "aria-labelledby": "numbers-title"},
        h("h2", {id: "numbers-title"}, "All numbers"),
        h("p", {}, "Every number on this page as comma-separated values, and the document that the page draws."),
        numbers.element,
        h(
            "ul",
            {class: "downloads"},
            [...DOWNLOADS].map(([file, {title, getData}]) =>
                h(
                    "li",
                    {},
                    h(
                        "button",
                        {
                            type: "button",
                            class: "quiet",
                            onclick: () => {
                                const {columns, rows} = getData();
                                download(file, toCsv(columns, rows));
                            },
                        },
                        file,
                    ),
                    ` ${title}`,
                ),
            ),
            h(
                "li",
                {},
                h(
                    "button",
                    {
                        type: "button",
                        class: "quiet",
                        onclick: () => download("report.json", JSON.stringify(report.data, null, 1)),
                    },
                    "report.json",
                ),
                " the whole document",
            ),
        ),
        report.data.omitted.length === 0
            ? null
            : [
                  h("h3", {}, "Left out of this page"),
                  h(
                      "ul",
                      {},
                      report.data.omitted.map(text => h("li", {}, text)),
                  ),
              ],
    );
}

const SHOWN_WARNINGS = 8;

/** What nodes found wrong while they ran; of many all but the first are folded away. */
function makeWarnings(report) {
    const warnings = report.data.warnings ?? [];
    if (warnings.length === 0) return null;
    const tell = warning => [
        h("strong", {}, warning.arm ? `${warning.arm}, ${warning.node}` : warning.node),
        `: ${warning.text}`,
        warning.trials > 1 ? h("span", {class: "note"}, ` (one of ${warning.trials} trials that warn)`) : null,
    ];
    const sign = h("span", {class: "sign", "aria-hidden": "true"}, "!");
    const list = some =>
        h(
            "ul",
            {class: "statements"},
            some.map(warning => h("li", {class: "warning"}, sign.cloneNode(true), h("span", {}, tell(warning)))),
        );
    const more = warnings.slice(SHOWN_WARNINGS);
    return h(
        "section",
        {id: "warnings", "aria-labelledby": "warnings-title"},
        h("h2", {id: "warnings-title"}, "Warnings"),
        list(warnings.slice(0, SHOWN_WARNINGS)),
        more.length > 0 ? h("details", {}, h("summary", {}, plural(more.length, "more", "more")), list(more)) : null,
    );
}
