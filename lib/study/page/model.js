// SPDX-License-Identifier: LGPL-2.1-or-later
// What the document says, made ready to draw: each arm's name, kind, colour and mark, and where its numbers are.

const PALETTE = 8; // colours in style.css, --arm-0 to --arm-7
const DRAWN = 20; // models at first, beside the baselines
const MARKS = ["circle", "square", "triangle", "diamond", "cross"];

const SCORES = {
    auc: {label: "AUC", long: "area under the ROC curve", nothing: 0.5, higher: true},
    pearson: {label: "Pearson r", long: "correlation of predicted with measured", nothing: 0, higher: true},
    r2: {label: "R²", long: "explained variance", nothing: 0, higher: true},
    rmse: {label: "RMSE", long: "root mean squared error", nothing: null, higher: false},
};

const KINDS = {baseline: "baseline", classical: "classical network", hybrid: "hybrid", model: "model"};

class Report {
    constructor(data) {
        this.data = data;
        this.role = data.role;
        this.tasks = data.tasks;
        this.fits = data.fits;
        this.hidden = new Set();
        this.task = 0;
        this.graphs = data.pipelines.map(pipeline => new Graph(pipeline));
        this.arms = data.arms.map((arm, index) => this.readArm(arm, index));
        this.nameArms();
        this.paint();
        this.score = data.comparison?.score ?? "auc";
        this.about = SCORES[this.score] ?? {label: this.score, long: this.score, nothing: null, higher: true};
        this.hideMany();
        this.byId = new Map(this.arms.map(arm => [arm.id, arm]));
    }

    readArm(arm, index) {
        const graph = this.graphs[arm.pipeline];
        const chain = arm.predictor && graph ? graph.upstream(arm.predictor) : [];
        const predictor = graph?.byId.get(arm.predictor);
        let kind = "model";
        if (predictor?.category === "baseline") kind = "baseline";
        else if (chain.some(node => node.type === "quantum-layer")) kind = "hybrid";
        else if (predictor?.type === "trainer") kind = "classical";
        return {...arm, index, kind, chain, node: predictor, detail: describeChain(kind, predictor, chain, arm.tuned ?? [])};
    }

    /** Of many models the baselines and the best are drawn at first; boxes bring the others back. */
    hideMany() {
        const others = this.arms.filter(arm => arm.kind !== "baseline");
        if (others.length > DRAWN) {
            const best = this.sorted(others, arm => this.overall(arm)).slice(0, DRAWN);
            this.hidden = new Set(others.filter(arm => !best.includes(arm)).map(arm => arm.index));
        }
    }

    /** An evaluator called "x-score" speaks of x; a study's arms have names of their own, and "arm: " in front of every one
     *  tells nothing. */
    nameArms() {
        const common = this.arms.length > 1 ? (this.arms[0].id.match(/^[^:]+: /)?.[0] ?? "") : "";
        const shared = this.arms.every(arm => arm.id.startsWith(common)) ? common.length : 0;
        const short = this.arms.map(arm => arm.id.slice(shared).replace(/-scores?$/, ""));
        this.arms.forEach((arm, i) => {
            arm.label = short.indexOf(short[i]) === short.lastIndexOf(short[i]) ? short[i] : arm.id;
        });
    }

    /** Baselines are grey; the others take colours in their order, then the same colours with other marks. */
    paint() {
        let nBaselines = 0,
            nOthers = 0;
        for (const arm of this.arms) {
            if (arm.kind === "baseline") {
                arm.color = `var(--baseline-${nBaselines % 2})`;
                arm.mark = MARKS[(1 + nBaselines) % MARKS.length];
                arm.dash = ["7 3", "2 3", "7 3 2 3", "1 2"][nBaselines % 4];
                nBaselines += 1;
            } else {
                const turn = Math.floor(nOthers / PALETTE);
                arm.color = `var(--arm-${nOthers % PALETTE})`;
                arm.mark = MARKS[(turn * 2) % MARKS.length];
                arm.dash = [null, "5 2", "2 2"][turn % 3];
                nOthers += 1;
            }
        }
    }

    get shown() {
        return this.arms.filter(arm => !this.hidden.has(arm.index));
    }

    isShown(index) {
        return !this.hidden.has(index);
    }

    taskName(task) {
        return this.tasks[task] || "";
    }

    /** The estimate of an arm on a task, or null. */
    estimate(arm, task) {
        return this.data.comparison?.estimates.find(one => one.arm === arm.id && one.task === this.tasks[task]) ?? null;
    }

    /** The mean over tasks of an arm's estimates, for sorting. */
    overall(arm) {
        const found = this.tasks.map((_, task) => this.estimate(arm, task)?.mean).filter(value => Number.isFinite(value));
        return found.length > 0 ? mean(found) : null;
    }

    /** Arms from best to worst. */
    sorted(arms, valueOf) {
        const sign = this.about.higher ? -1 : 1;
        const key = arm => {
            const value = valueOf(arm);
            return Number.isFinite(value) ? sign * value : Infinity;
        };
        return [...arms].sort((a, b) => key(a) - key(b) || a.index - b.index);
    }

    against(reference) {
        return this.data.comparison?.against.find(one => one.reference === reference.id) ?? null;
    }

    /** Arm `arm` less arm `reference`, on a task or (null) over all. */
    pair(arm, reference, task) {
        const found = this.against(reference);
        if (!found) return null;
        return (
            (task === null ? found.overall : found.tasks).find(
                one => one.arm === arm.id && (task === null || one.task === this.tasks[task]),
            ) ?? null
        );
    }

    /** The tissue mean, or any mean baseline; null without one. */
    get meanBaseline() {
        const means = this.arms.filter(arm => arm.node?.type === "mean-baseline");
        return means.find(arm => arm.node.properties.by === "tissue") ?? means[0] ?? null;
    }

    /** What was recorded while models were fitted to a task, or to several drugs with it. */
    curves(task) {
        return this.data.curves.filter(curve => this.fits[curve.fit].tasks.includes(task) && this.isShown(curve.arm));
    }

    results(arm, task) {
        return this.data.results.filter(result => result.arm === arm.index && result.task === task);
    }
}

/** What an arm is, in a line: the layers that tell it from others. */
function describeChain(kind, predictor, chain, tuned) {
    if (!predictor) return "";
    if (kind === "baseline")
        return predictor.properties.by ? `${predictor.type}, by ${predictor.properties.by}` : predictor.type;
    const named = node => {
        const isTuned = name => tuned.includes(`${node.id}.${name}`);
        const told = ["a", "r", "offset", "c", "low", "high", "width", "activation", "encoding", "layout", "layers"]
            .filter(name => isTuned(name) || (node.properties[name] !== undefined && node.properties[name] !== 0))
            .map(name => `${name} ${isTuned(name) ? "tuned" : formatScalar(node.properties[name])}`);
        return told.length > 0 ? `${node.type} (${told.join(", ")})` : node.type;
    };
    const telling = chain.filter(node => ["normalizer", "quantum"].includes(node.category) || node.type === "batch-norm");
    return telling.map(named).join(" → ");
}

/** A scalar of a layer is a number, or says how it is learned. */
function formatScalar(value) {
    if (value === null || typeof value !== "object" || !("value" in value)) return formatValue(value);
    const how = {yes: " (learned)", "per-qubit": " (learned per qubit)"}[value.train] ?? "";
    return formatValue(value.value) + how;
}

/** A pipeline's nodes and links. */
class Graph {
    constructor(pipeline) {
        Object.assign(this, pipeline);
        this.byId = new Map(this.nodes.map(node => [node.id, node]));
        this.incoming = new Map(this.nodes.map(node => [node.id, []]));
        for (const link of this.links) this.incoming.get(link.to).push(link);
    }

    /** The layers that a node's flow came through, from data to node; monitors aside. */
    upstream(id) {
        const found = [],
            seen = new Set();
        const visit = current => {
            if (seen.has(current)) return;
            seen.add(current);
            for (const link of this.incoming.get(current) ?? []) {
                if (link.type !== "monitor") visit(link.from);
            }
            found.push(this.byId.get(current));
        };
        visit(id);
        return found.slice(0, -1);
    }
}
