// open_page.mjs BROWSER PAGE [CHECK...]: a line for everything that is wrong with a report page, exit code 1 if any.
// It is opened in both themes, wide and on a phone, by file://, and used: keyboard, filters, views, printing.
// REDOUBT_SCREENSHOTS names a folder for pictures.
import path from 'node:path';
import {createRequire} from 'node:module';
import {chromium} from 'playwright-core';
import * as checks from './page_checks.mjs';

const [executablePath, page, ...asked] = process.argv.slice(2);
const axe = createRequire(import.meta.url)('axe-core').source;
const looks = [['light', 1280], ['dark', 1280], ['light', 390], ['dark', 390]];
const found = new Set();

async function accessibility(tab, where) {
  const result = await tab.evaluate(async (source) => {
    if (!window.axe) (0, eval)(source);
    return window.axe.run(document, {resultTypes: ['violations']});
  }, axe).catch((error) => ({violations: [{id: 'axe did not run', help: String(error), nodes: []}]}));
  for (const one of result.violations) {
    const node = one.nodes[0];
    found.add(`${where}: ${one.id}: ${one.help}${node ? ` at ${node.target} ${node.failureSummary}` : ''}`);
  }
}

async function look(browser, theme, width) {
  const context = await browser.newContext({colorScheme: theme, viewport: {width, height: 900}, bypassCSP: false});
  const tab = await context.newPage();
  const where = `${theme} ${width}px`;
  const say = (text) => found.add(`${where}: ${text}`);
  tab.on('console', (message) => { if (!message.text().includes('unsafe-eval')) say(`console: ${message.text()}`); });
  tab.on('pageerror', (error) => say(`error: ${error.stack}`));
  tab.on('request', (request) => { if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) say(`request: ${request.url()}`); });
  await tab.goto(`file://${path.resolve(page)}`);
  const thorough = (theme === 'dark') === (width < 500);
  await checks.everywhere(tab, say, () => accessibility(tab, where), thorough);
  if (thorough) for (const name of asked) await checks[name](tab, say);
  if (process.env.REDOUBT_SCREENSHOTS) {
    await tab.reload();
    await tab.screenshot({path: path.join(process.env.REDOUBT_SCREENSHOTS, `${path.basename(page, '.html')}-${theme}-${width}.png`), fullPage: true});
  }
  await context.close();
}

const browser = await chromium.launch({executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage']});
for (const [theme, width] of looks) await look(browser, theme, width);
await browser.close();
for (const line of found) console.log(line);
process.exit(found.size === 0 ? 0 : 1);
