// Runs CredRank of SourceCred's npm package on graphs, as its own program does: graphs as JSON on standard input, answers on standard output.
//
//     node sourcecred.cjs PACKAGE < graphs.json
//
// PACKAGE is the unpacked package; its file for browsers needs no other package. The package stops where no part of the distribution
// changes by 1e-7, which is five digits in small graphs and fewer in large ones; here its own solver goes on to 1e-16, from the package's
// own chain. The program takes no parameters, so that graphs with their own go through the class that it makes its chain with. `once` asks
// for the package's own answer, and the seconds of processors that it took.
"use strict";

globalThis.self = globalThis;
const path = require("node:path");
const sourcecred = require(path.resolve(process.argv[2], "dist/client/api.js"));
const { graph: graphs, weights: weightings, algorithm } = sourcecred.core;
const { NodeAddress, EdgeAddress, Graph } = graphs;

const WEEK = 7 * 86_400_000;
const SUNDAY = Date.UTC(2017, 0, 1);
const USUAL = {
  mint: { commit: 1, merge: 1, review: 1, issue: 0, document: 0 },
  author: { forward: 0.5, back: 1 },
  parent: { forward: 1, back: 0.25 },
  review: { forward: 1, back: 0.25 },
  mention: { forward: 1, back: 0 },
};

// In the middle of the week, or its last moment, which is the first one of the next week. The very last week keeps its middle.
const moment = (week, weeks, atEnd) => SUNDAY + week * WEEK + (atEnd && week + 1 < weeks ? WEEK : WEEK / 2);

function items(input) {
  const of = (list, kind, link) => (input[list] ?? []).map((item) => ({ ...item, kind, links: (item[link] ?? []).map((to) => [link, to]) }));
  const commits = of("commits", "commit", "parents").map((one) => ({ ...one, kind: one.links.length > 1 ? "merge" : "commit" }));
  return [...commits, ...of("reviews", "review", "of"), ...of("issues", "issue", "none"), ...of("documents", "document", "none")];
}

function weigh(input) {
  const given = input.parameters ?? {};
  const numbers = (pair) => Object.fromEntries(Object.entries(pair ?? {}).map(([key, value]) => [key, Number(value)]));
  return Object.fromEntries(Object.entries(USUAL).map(([kind, usual]) => [kind, { ...usual, ...numbers(given[kind]) }]));
}

function weighted(input, addressOf, atEnd) {
  const graph = new Graph();
  const weights = weightings.empty();
  const chosen = weigh(input);
  const KINDS = { author: "author", parents: "parent", of: "review", mentions: "mention" };
  for (const [word, kind] of Object.entries(KINDS)) {
    weights.edgeWeights.set(EdgeAddress.fromParts([word]), { forwards: chosen[kind].forward, backwards: chosen[kind].back });
  }
  for (const [kind, mint] of Object.entries(chosen.mint)) weights.nodeWeights.set(NodeAddress.fromParts(["item", kind]), mint);
  weights.nodeWeights.set(NodeAddress.fromParts(["edge of time"]), 0);
  for (const week of [0, input.weeks - 1]) {
    graph.addNode({ address: NodeAddress.fromParts(["edge of time", `${week}`]), description: "", timestampMs: SUNDAY + week * WEEK + WEEK / 2 });
  }
  const address = new Map();
  for (const item of items(input)) {
    const place = NodeAddress.fromParts(["item", item.kind, item.id]);
    address.set(item.id, place);
    graph.addNode({ address: place, description: item.id, timestampMs: moment(item.week, input.weeks, atEnd) });
  }
  for (const item of items(input)) {
    const timestampMs = moment(item.week, input.weeks, atEnd);
    const edge = (kind, src, dst, name) => graph.addEdge({ address: EdgeAddress.fromParts([kind, ...name]), src, dst, timestampMs });
    edge("author", addressOf.get(item.author), address.get(item.id), [item.id]);
    for (const [kind, to] of [...item.links, ...(item.mentions ?? []).map((to) => ["mentions", to])]) {
      edge(kind, address.get(item.id), address.get(to), [item.id, to]);
    }
  }
  return { graph, weights };
}

async function credited({ input, at_end: atEnd, once }) {
  const ledger = new sourcecred.ledger.ledger.Ledger();
  const idOf = new Map(input.people.map((person) => [person, ledger.createIdentity("USER", person)]));
  const accounts = ledger.accounts().map((account) => account.identity);
  const addressOf = new Map(input.people.map((person) => [person, accounts.find((one) => one.id === idOf.get(person)).address]));
  const weightedGraph = weighted(input, addressOf, atEnd);
  const own = { pluginsBudget: null, personalAttributions: [], dependencies: [], weightOverrides: weightings.empty() };
  const began = process.cpuUsage();
  const { credGraph } = await sourcecred.api.credrank.credrank({ pluginGraphs: [weightedGraph], ledger, ...own });
  const { user, system } = process.cpuUsage(began);
  const seconds = (user + system) / 1e6;
  const people = Array.from(credGraph.participants());
  if (once) return { people: input.people.map((id) => ({ id, credit: people.find((one) => one.id === idOf.get(id)).cred })), seconds };
  const given = input.parameters || input.attributions;
  const chain = given ? another(credGraph._mpg, input, weightedGraph, idOf, accounts) : credGraph._mpg;
  const { chain: matrix, nodeOrder } = chain.toMarkovChain();
  const even = new Float64Array(nodeOrder.length).fill(1 / nodeOrder.length);
  const { pi } = await algorithm.markovChain.findStationaryDistribution(
    { chain: matrix, pi0: even, seed: even, alpha: 0 },
    { verbose: false, convergenceThreshold: 1e-16, maxIterations: 20_000, yieldAfterMs: 1000 },
  );
  const settled = new sourcecred.core.credGraph.CredGraph(chain, Array.from(pi));
  const settledPeople = Array.from(settled.participants());
  const minted = Array.from(chain.nodes()).reduce((sum, node) => sum + node.mint, 0);
  const paid = settledPeople.reduce((sum, person) => sum + person.cred, 0);
  const scaled = (cred) => Number(((cred / paid) * minted).toPrecision(13));
  const rows = input.people.map((id) => {
    const { cred, credPerInterval } = settledPeople.find((one) => one.id === idOf.get(id));
    if (credPerInterval.length !== input.weeks) throw new Error(`${credPerInterval.length} weeks, and ${input.weeks} were meant`);
    return { id, credit: scaled(cred), by_week: credPerInterval.map(scaled) };
  });
  return { people: rows, seconds };
}

function another(made, input, weightedGraph, idOf, accounts) {
  const given = input.parameters ?? {};
  const number = (name, usual) => Number(given[name] ?? usual);
  const byGiver = new Map();
  for (const one of input.attributions ?? []) {
    const to = byGiver.get(one.from) ?? byGiver.set(one.from, new Map()).get(one.from);
    const start = SUNDAY + one.week * WEEK;
    to.set(one.to, [...(to.get(one.to) ?? []), { timestampMs: start, proportionValue: Number(one.share) }]);
  }
  const graph = weightedGraph.graph.copy();
  for (const one of accounts) {
    if (!graph.node(one.address)) graph.addNode(sourcecred.ledger.identity.graphNode(one));
  }
  return made.constructor.new({
    weightedGraph: { graph, weights: weightedGraph.weights },
    participants: made.participants(),
    intervals: made.intervals(),
    parameters: {
      alpha: number("alpha", 0.1),
      beta: number("beta", 0.4),
      gammaForward: number("gamma_forward", 0.1),
      gammaBackward: number("gamma_back", 0.1),
    },
    personalAttributions: Array.from(byGiver, ([from, to]) => ({
      fromParticipantId: idOf.get(from),
      recipients: Array.from(to, ([person, proportions]) => ({ toParticipantId: idOf.get(person), proportions })),
    })),
  });
}

async function main() {
  let text = "";
  for await (const piece of process.stdin) text += piece;
  const answers = [];
  for (const asked of JSON.parse(text)) answers.push(await credited(asked));
  process.stdout.write(JSON.stringify({ answers, memory_kib: process.resourceUsage().maxRSS }));
}

main().catch((why) => {
  console.error(why);
  process.exitCode = 1;
});
