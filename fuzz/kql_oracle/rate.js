// Measures Microsoft's parser and binder on the "query" of every line of a JSON Lines file, as
// bench/bench_kql_queries.cpp does Redoubt's. Prints {"parse": {...}, "bind": {...}}, each with "queries", "bytes",
// "seconds"; parse also with "bytes_per_query", the heap that a syntax tree keeps.
// Usage: node --expose-gc rate.js QUERIES TABLES
'use strict';
const { readFileSync } = require('fs');
const { Kusto } = require('./library.js');
const { DatabaseSymbol, TableSymbol } = Kusto.Language.Symbols;

const KEPT = 1000;
const BOUND = 400; // binding takes Microsoft's library so long that a part has to do
const [queriesFile, tablesFile] = process.argv.slice(2);
const lines = readFileSync(queriesFile, 'utf8').split('\n').filter((line) => line !== '');
const queries = lines.map((line) => JSON.parse(line).query);
const every = (count) => queries.filter((_, i) => i % Math.ceil(queries.length / count) === 0);

function workspace() {
  const tables = Object.entries(JSON.parse(readFileSync(tablesFile, 'utf8')).LogAnalytics).map(([name, columns]) => {
    const schema = Object.entries(columns).map(([column, type]) => `['${column}']: ${type}`);
    return TableSymbol.From(`(${schema.join(', ')})`).WithName(name);
  });
  return Kusto.Language.GlobalState.Default.WithDatabase(new DatabaseSymbol.ctor('LogAnalytics', tables));
}

function rate(texts, work) {
  texts.slice(0, Math.ceil(texts.length / 4)).forEach(work); // so that what runs often is compiled
  const begin = process.cpuUsage();
  texts.forEach(work);
  const used = process.cpuUsage(begin);
  return {
    queries: texts.length,
    bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    seconds: (used.user + used.system) / 1e6, // of the processor, as Google Benchmark counts
  };
}

function keptBytes(texts, work) {
  global.gc();
  const before = process.memoryUsage().heapUsed;
  const kept = texts.map(work);
  global.gc();
  return (process.memoryUsage().heapUsed - before) / kept.length;
}

const parse = (text) => Kusto.Language.KustoCode.Parse(text);
const globals = workspace();
const bind = (text) => Kusto.Language.KustoCode.ParseAndAnalyze(text, globals).ResultType;
console.log(JSON.stringify({
  parse: { ...rate(queries, parse), bytes_per_query: keptBytes(every(KEPT), parse) },
  bind: rate(every(BOUND), bind),
}));
