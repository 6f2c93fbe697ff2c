// SPDX-License-Identifier: LGPL-2.1-or-later
// The verdict in plain words: what beats what, by how much, how sure; and what the design cannot say. It repeats what the
// comparison found and decides nothing itself.

const NAMED = 8; // models in one line
const SIGNS = {better: "▲", worse: "▼", undecided: "?", untested: "∅", refused: "∅", note: "·"};
const SIGN_WORDS = {
    better: "better",
    worse: "worse",
    undecided: "not told apart",
    untested: "not tested",
    refused: "not supported",
    note: "note",
};

/** "+0.043 (95 % interval 0.010 to 0.076, p = 0.01)". */
function tellDifference(report, pair) {
    const parts = [];
    if (pair.interval) parts.push(`95 % interval ${formatInterval(pair.interval)}`);
    if (pair["p-holm"] !== null && pair["p-holm"] !== undefined)
        parts.push(`adjusted p ${pair["p-holm"] < 0.001 ? "" : "= "}${formatP(pair["p-holm"])}`);
    return `${formatSigned(pair.difference)} ${report.about.label}${parts.length > 0 ? ` (${parts.join(", ")})` : ""}`;
}

/** How often each verdict fell over tasks: {better: 2, …}. */
function countVerdicts(report, arm, reference) {
    const counts = {better: 0, worse: 0, undecided: 0, untested: 0};
    report.tasks.forEach((_, task) => {
        const pair = report.pair(arm, reference, task);
        if (pair) counts[pair.verdict] += 1;
    });
    return counts;
}

/** "better on 2 of 5 drugs, worse on 1, not told apart on 2". */
function tellCounts(counts, noun) {
    const total = Object.values(counts).reduce((a, b) => a + b, 0);
    const parts = Object.entries(counts)
        .filter(([, n]) => n > 0)
        .map(([verdict, n]) => [VERDICTS[verdict], n]);
    return parts
        .map(([word, n], i) => (i === 0 ? `${word} on ${n} of ${plural(total, noun)}` : `${word} on ${n}`))
        .join(", ");
}

function bestOf(report, arms) {
    return report.sorted(arms, arm => report.overall(arm)).find(arm => Number.isFinite(report.overall(arm))) ?? null;
}

function capitalize(text) {
    return /^[a-z]+[ ,.-]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text; // "a=5" is a name
}

function nameOf(arm) {
    return h("span", {class: "arm"}, swatch(arm), arm.label);
}

/** The strongest of the models that beat the baseline on one task, or null. */
function findWinner(report, models, baseline, task) {
    return bestOf(
        report,
        models.filter(arm => report.pair(arm, baseline, task)?.verdict === "better"),
    );
}

function tellHeadline(report, models, baseline) {
    const best = bestOf(report, models);
    if (!best) {
        if (models.length > 0 || !baseline) return {headline: "No model has a score yet.", lead: ""};
        const lead = `The strongest is ${baseline.label}, with ${report.about.label} ${formatScore(report.overall(baseline))}.`;
        return {headline: "Only baselines were run.", lead};
    }
    const value = `${report.about.label} ${formatScore(report.overall(best))}`;
    if (!baseline)
        return {
            headline: `${best.label} scores best, with nothing to hold it against.`,
            lead: `${value}; without a baseline no verdict can be given: put ridge regression and a tissue mean beside it.`,
        };
    if (report.tasks.length === 1) return tellOneTask(report, models, best, baseline);
    const winners = report.tasks.map((_, task) => findWinner(report, models, baseline, task));
    const won = winners.filter(Boolean).length;
    const isTested = task => models.some(arm => (report.pair(arm, baseline, task)?.verdict ?? "untested") !== "untested");
    const tested = report.tasks.filter((_, task) => isTested(task)).length;
    const ahead = report.pair(best, baseline, null)?.difference ?? report.overall(best) - report.overall(baseline);
    const isBehind = report.about.higher ? ahead < 0 : ahead > 0;
    const lead =
        `${isBehind ? "The best model besides baselines" : "Best over all"} is ${best.label}, on average ` +
        `${formatSigned(ahead)} ${report.about.label} from ${baseline.label}.`;
    if (tested === 0) return {headline: `Whether anything beats ${baseline.label} was not tested.`, lead};
    if (won === 0) return {headline: `On none of ${plural(tested, "task")} does a model beat ${baseline.label}.`, lead};
    const names = winners.map((winner, task) => winner && `${report.taskName(task)} (${winner.label})`).filter(Boolean);
    return {
        headline: `A model beats ${baseline.label} on ${won} of ${plural(tested, "task")}.`,
        lead: `${listing(names)}. ${lead}`,
    };
}

function tellOneTask(report, models, best, baseline) {
    const winner = findWinner(report, models, baseline, 0);
    if (winner) {
        return {
            headline: `${winner.label} beats ${baseline.label}, the strongest baseline.`,
            lead: `${tellDifference(report, report.pair(winner, baseline, 0))}.`,
        };
    }
    const pair = report.pair(best, baseline, 0);
    const scores =
        `${best.label} has ${report.about.label} ${formatScore(report.overall(best))}, ${baseline.label} ` +
        `${formatScore(report.overall(baseline))}`;
    if (!pair || pair.verdict === "untested")
        return {
            headline: `Whether anything beats ${baseline.label} was not tested.`,
            lead: `${scores}.${pair?.reason ? ` Not tested: ${pair.reason}.` : ""}`,
        };
    if (models.every(arm => report.pair(arm, baseline, 0)?.verdict === "worse"))
        return {
            headline: `${baseline.label} beats every model here.`,
            lead: `The best of them is behind by a difference of ${tellDifference(report, pair)}.`,
        };
    return {
        headline: `Nothing beats ${baseline.label} here.`,
        lead:
            `${scores}: a difference of ${tellDifference(report, pair)}` +
            (pair.verdict === "worse" ? "." : ", which these data cannot tell from none."),
    };
}

/** One line on how arms stand to a reference. */
function tellAgainst(report, arms, reference) {
    const others = arms.filter(arm => arm !== reference && report.pair(arm, reference, report.tasks.length > 1 ? null : 0));
    if (others.length === 0) return [];
    const against = ["Against ", nameOf(reference), ": "];
    if (report.tasks.length > 1) {
        const best = bestOf(report, others);
        const counts = countVerdicts(report, best, reference);
        const verdict =
            counts.better > 0 ? "better" : counts.worse > 0 ? "worse" : counts.undecided > 0 ? "undecided" : "untested";
        return [
            {
                kind: verdict,
                content: [
                    ...against,
                    nameOf(best),
                    h(
                        "span",
                        {class: "value"},
                        ` ${formatSigned(report.pair(best, reference, null).difference)} on average`,
                    ),
                    others.length > 1 ? `, the best of ${others.length},` : "",
                    ` is ${tellCounts(counts, "task")}.`,
                ],
            },
        ];
    }
    const groups = {better: [], worse: [], undecided: [], untested: []};
    for (const arm of others) groups[report.pair(arm, reference, 0).verdict].push(arm);
    const kind = ["better", "worse", "undecided", "untested"].find(verdict => groups[verdict].length > 0);
    const parts = Object.entries(groups)
        .filter(([, list]) => list.length > 0)
        .map(([verdict, list]) => [
            report
                .sorted(list, arm => report.overall(arm))
                .slice(0, NAMED)
                .flatMap((arm, i) => [
                    i === 0 ? "" : i === list.length - 1 ? " and " : ", ",
                    nameOf(arm),
                    h("span", {class: "value"}, ` ${formatSigned(report.pair(arm, reference, 0).difference)}`),
                ]),
            list.length > NAMED ? ` and ${list.length - NAMED} more` : "",
            list.length === 1 ? " is " : " are ",
            h("strong", {}, VERDICTS[verdict]),
        ]);
    return [{kind, content: [...against, parts.flatMap((part, i) => [i === 0 ? "" : "; ", part]), "."]}];
}

/** What the design does not support, with the reason that the comparison gives. */
function tellRefusals(report) {
    const found = new Set();
    const ranks = report.data.comparison?.ranks;
    if (ranks?.reason && report.data.kind === "study") found.add(`No critical-difference diagram: ${ranks.reason}.`);
    for (const against of report.data.comparison?.against ?? []) {
        for (const pair of report.tasks.length > 1 ? [...against.tasks, ...against.overall] : against.tasks) {
            if (pair.reason)
                found.add(`Testing ${pair.task === undefined ? "over tasks" : "single tasks"}: ${pair.reason}.`);
        }
    }
    return [...found].slice(0, 4).map(text => ({kind: "refused", content: [text]}));
}

function tellStudySureness(report) {
    const folds = new Set(report.data.results.map(result => result.resample)).size;
    const seeds = new Set(report.data.results.map(result => result.replicate)).size;
    const {status} = report.data;
    const open = Object.entries(status).filter(([state]) => state !== "done");
    const parts = [
        `Judged over ${plural(folds, "fold")}`,
        seeds > 1 ? `; ${plural(seeds, "seed")} are averaged within each, for they are no replicates of the data` : "",
        ". Tests allow for the overlap of the folds' training rows.",
        open.length > 0 ? ` The study is not complete: ${open.map(([state, n]) => `${n} ${state}`).join(", ")}.` : "",
    ];
    return [{kind: "note", content: [parts.join("")]}];
}

function tellSureness(report) {
    if (report.data.kind !== "run") return tellStudySureness(report);
    const n = report.data.results[0]?.scores[report.role]?.n;
    return [
        {
            kind: "note",
            content: [
                `One split with ${plural(n ?? 0, `${report.role} row`)}, one seed: intervals cover what other ` +
                    "rows would have changed, not another split or start. A study over folds and seeds says more.",
            ],
        },
    ];
}

function tellLeaks(report) {
    const leaking = report.arms.filter(arm =>
        report.data.results.some(result => result.arm === arm.index && result.scores[report.role]?.leaking),
    );
    return leaking.length === 0
        ? []
        : [
              {
                  kind: "worse",
                  content: [
                      listing(leaking.map(arm => arm.label)),
                      " saw rows that it is scored on: these are no scores of unseen rows.",
                  ],
              },
          ];
}

function tellStatements(report, models, baseline) {
    const baselines = report.arms.filter(arm => arm.kind === "baseline" && report.against(arm));
    const classical = bestOf(
        report,
        models.filter(arm => arm.kind === "classical" && report.against(arm)),
    );
    const hybrids = models.filter(arm => arm.kind === "hybrid");
    const best = bestOf(
        report,
        hybrids.filter(arm => report.against(arm)),
    );
    return [
        ...tellLeaks(report),
        ...(baseline ? tellAgainst(report, models, baseline) : []),
        ...baselines.filter(arm => arm !== baseline).flatMap(arm => tellAgainst(report, models, arm)),
        ...(classical && hybrids.length > 0 ? tellAgainst(report, hybrids, classical) : []),
        ...(best && hybrids.length > 1 ? tellAgainst(report, hybrids, best) : []),
        ...tellRefusals(report),
        ...tellSureness(report),
    ];
}

function makeVerdict(report) {
    const models = report.arms.filter(arm => arm.kind !== "baseline");
    const baseline = report.strongestBaseline;
    const {headline, lead, statements} = report.data.comparison?.control
        ? makeControlVerdict(report)
        : {
              ...tellHeadline(report, models, baseline),
              statements: tellStatements(report, models.length > 0 ? models : report.arms, baseline),
          };
    return h(
        "section",
        {id: "verdict", class: "verdict", "aria-labelledby": "verdict-title"},
        h("h2", {id: "verdict-title"}, capitalize(headline)),
        lead ? h("p", {class: "lead"}, capitalize(lead)) : null,
        h(
            "ul",
            {class: "statements"},
            statements.map(({kind, content}) =>
                h(
                    "li",
                    {class: kind},
                    h("span", {class: "sign", "aria-hidden": "true"}, SIGNS[kind]),
                    h("span", {}, h("span", {class: "unseen"}, `${SIGN_WORDS[kind]}: `), content),
                ),
            ),
        ),
    );
}

/** The strongest baseline by its mean over tasks. */
Object.defineProperty(Report.prototype, "strongestBaseline", {
    get() {
        return bestOf(
            this,
            this.arms.filter(arm => arm.kind === "baseline" && this.against(arm)),
        );
    },
});
