'use strict';
// The data of the page: everything that src/report/page.cpp wrote, as objects that refer to each other.

const STATES = ['noncompliant', 'error', 'unknown', 'manual', 'accepted', 'exempt', 'compliant', 'notApplicable'];
const STATE_TITLES = ['noncompliant', 'could not be judged', 'unknown', 'needs attestation', 'accepted', 'exempt',
  'compliant', 'not applicable'];
const LEVELS = ['none', 'low', 'medium', 'high', 'critical'];
const NONCOMPLIANT = 0;

function parts(name) {
  return [...document.querySelectorAll(`script[data-part="${name}"]`)].map((element) => {
    const value = JSON.parse(element.textContent);
    element.remove();
    return value;
  });
}

function readData() {
  const head = parts('head')[0];
  const texts = [];
  const subjects = [];
  const rows = [];
  for (const block of parts('rows')) {
    for (const text of block.texts) texts.push(text);
    for (const [id, name, type, environment, scope, owner] of block.subjects) {
      subjects.push({id, name, type: texts[type], environment: texts[environment], scope, owner: head.owners[owner] || null});
    }
    for (const [rule, subject, state, level, id, reason, path, place, usedAt, fix, remarks] of block.rows) {
      rows.push({rule: head.rules[rule], subject: subjects[subject] || null, state, level, id, reason: texts[reason],
        path: texts[path], place: texts[place], usedAt: texts[usedAt], fix: texts[fix], remarks: texts[remarks]});
    }
  }
  const end = parts('end')[0];
  return {head, rows, listed: end.listed, leftOut: end.leftOut};
}

/// What a search looks in; kept after the first search.
function searchText(row) {
  if (row.search === undefined) {
    const subject = row.subject;
    row.search = [row.rule.title, row.rule.name, subject ? subject.id : '', subject ? subject.name : '', row.reason,
      row.place, row.fix, row.remarks].join('\n').toLowerCase();
  }
  return row.search;
}

function toneOf(row) {
  return row.state === NONCOMPLIANT ? LEVELS[row.level] : STATES[row.state];
}

function toneTitle(row) {
  return row.state === NONCOMPLIANT ? LEVELS[row.level] : STATE_TITLES[row.state];
}

/// Worse rows are greater.
function weight(row) {
  return (STATES.length - row.state) * 10 + row.level;
}
