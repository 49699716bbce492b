// Loads Microsoft's library, which is written for browsers, and puts what it defines beside a way to read its lists.
'use strict';

require('@kusto/language-service-next/bridge.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.js');

function list(sequence) {
  const out = [];
  for (const walk = Bridge.getEnumerator(sequence); walk.moveNext(); ) out.push(walk.Current);
  return out;
}

module.exports = { Kusto: globalThis.Kusto, list };
