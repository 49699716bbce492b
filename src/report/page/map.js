// The map: the tree of scopes with what was found in each and below it.

/// Adds up what lies below, and says of each scope which it holds.
function buildTree(scopes) {
  const nodes = scopes.map((scope, at) => ({...scope, at, children: [], levels: [...scope.levels]}));
  const tops = [];
  for (const node of nodes) {
    const parent = nodes[node.parent];
    (parent ? parent.children : tops).push(node);
  }
  const addUp = (node) => {
    node.inside = new Set([node.at]);
    for (const child of node.children) {
      addUp(child);
      child.levels.forEach((count, level) => { node.levels[level] += count; });
      node.unknown += child.unknown;
      child.inside.forEach((at) => node.inside.add(at));
    }
    node.findings = node.levels.reduce((sum, count) => sum + count, 0);
    node.children.sort((left, right) => right.findings - left.findings || left.title.localeCompare(right.title));
  };
  tops.forEach(addUp);
  return tops;
}

const SHOWN_CHILDREN = 12;
const SHOWN_AT_FIRST = 30;

const isLoud = (node) => node.findings + node.unknown !== 0;

/// Opens the upper levels, as far as the map stays one look long.
function openUpperLevels(tops) {
  let shown = tops.length;
  for (const queue = [...tops]; queue.length !== 0;) {
    const node = queue.shift();
    const children = node.children.filter(isLoud).slice(0, SHOWN_CHILDREN);
    shown += children.length;
    if (shown > SHOWN_AT_FIRST) return;
    node.open = true;
    queue.push(...children);
  }
}

function scopeItem(node, list) {
  const counts = worstFirst.filter((level) => node.levels[level] !== 0)
    .map((level) => pill(LEVELS[level], `${number(node.levels[level])} ${LEVELS[level]}`));
  if (node.unknown !== 0) counts.push(pill('unknown', `${number(node.unknown)} unknown`));
  const line = element('div.scope', {},
    element('button', {type: 'button', title: node.id, onclick: () => list.only({scope: node})}, node.title),
    node.kind ? element('span.kind', {}, node.kind) : null,
    counts.length ? element('span.counts', {}, ...counts) : null);
  const item = element(node.findings === 0 ? 'li.quiet' : 'li', {}, line);
  if (node.children.length !== 0 && (node.open || !isLoud(node))) item.append(scopeList(node.children, list));
  else if (node.children.length !== 0) item.append(element('ul', {}, foldItem(`${number(node.children.length)} inside`,
    () => [...scopeList(node.children, list).children])));
  return item;
}

/// Scopes with findings; the others, and very many, behind a button.
function scopeList(nodes, list) {
  const loud = nodes.filter(isLoud);
  const quiet = nodes.filter((node) => !isLoud(node));
  const made = element('ul', {}, ...loud.slice(0, SHOWN_CHILDREN).map((node) => scopeItem(node, list)));
  addFold(made, loud.slice(SHOWN_CHILDREN), (count) => `${number(count)} more`, list);
  addFold(made, quiet, (count) => `${number(count)} without findings`, list);
  return made;
}

function addFold(made, nodes, title, list) {
  if (nodes.length !== 0) made.append(foldItem(title(nodes.length), () => nodes.map((node) => scopeItem(node, list))));
}

/// A button that gives way to what it stands for.
function foldItem(title, make) {
  const item = element('li', {}, element('button.fold', {type: 'button', 'aria-expanded': 'false', onclick: () => {
    const shown = make();
    item.replaceWith(...shown);
    shown[0].querySelector('button').focus();
  }}, title));
  return item;
}

function showMap(data, list) {
  const tops = buildTree(data.head.scopes);
  // A tree that never forks says nothing.
  const forks = (nodes) => nodes.length > 1 || nodes.some((node) => forks(node.children));
  if (!forks(tops)) return;
  openUpperLevels(tops);
  byId('map').append(element('div.tree', {}, scopeList(tops, list)));
  byId('map').hidden = false;
}
