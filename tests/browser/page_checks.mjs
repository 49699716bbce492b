// What is looked at in an open report page. Each gets the tab and what to call with a mistake.

const VIEWS = ['By policy', 'By resource', 'By control', 'By owner'];
/// Groups and rows that may stand in the document at once.
const MOST_ROWS = 60;

const rows = (tab) => tab.locator('.finding').count();
const status = (tab) => tab.locator('#findings [role=status]').innerText();

async function fits(tab, say) {
  const [needed, there] = await tab.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  if (needed > there) say(`it is ${needed} px wide on ${there} px`);
}

/// `thorough`: axe looks at every view, not at the page alone.
export async function everywhere(tab, say, accessible, thorough) {
  if (!(await tab.locator('h1').innerText())) say('it has no title');
  if (!(await tab.locator('#findings > *').nth(1).count())) say('it has no list');
  await fits(tab, say);
  await accessible();
  for (const view of VIEWS) {
    const button = tab.getByRole('button', {name: view, exact: true});
    if (!(await button.count())) break;  // nothing to list
    await button.click();
    for (const group of (await tab.locator('details.group').all()).slice(0, 2)) {
      if ((await group.getAttribute('open')) === null) await group.locator('> summary').click();
    }
    const more = tab.locator('details.more summary').first();
    if (await more.count()) await more.click();
    await fits(tab, say);
    if (thorough) await accessible();
    if (await rows(tab) > MOST_ROWS) say(`${view}: ${await rows(tab)} rows stand in the document`);
  }
  const before = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await tab.locator('#theme').click();
  if (await tab.evaluate(() => getComputedStyle(document.body).backgroundColor) === before) say('the theme does not change');
  await tab.locator('#theme').click();
}

/// Of a page with findings: filters, the keyboard, printing.
export async function findings(tab, say) {
  await tab.reload();
  await tab.keyboard.press('Tab');
  if (!(await tab.evaluate(() => document.activeElement.matches('.skip')))) say('the first stop of the keyboard is not the link to the findings');
  await tab.keyboard.press('Enter');
  const all = await status(tab);
  const isOpen = () => tab.locator('details.group').last().getAttribute('open');
  const before = await isOpen();
  await tab.locator('details.group > summary').last().focus();
  await tab.keyboard.press('Enter');
  if (await isOpen() === before) say('the keyboard neither opens nor closes a group');
  await tab.locator('#search').fill('no such text anywhere');
  await tab.getByText(/^Nothing .*fits these filters/).waitFor({timeout: 5000}).catch(() => say('a search for nothing finds something'));
  await tab.getByRole('button', {name: 'Clear filters'}).click();
  if (await status(tab) !== all) say('clearing the filters does not bring everything back');
  await tab.locator('.legend button').first().click();
  if (await status(tab) === all && await tab.locator('.legend button').count() > 1) say('a severity filters nothing');
  await tab.locator('.first button').first().click();
  if (!(await tab.locator('.finding').count())) say('the first thing to do leads nowhere');
  await tab.reload();
  await tab.emulateMedia({media: 'print'});
  await tab.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  const printed = await rows(tab);
  const wanted = Math.min(500, Number((await status(tab)).replaceAll(',', '').match(/^\d+/)));
  if (printed < wanted) say(`${printed} of ${wanted} rows are printed`);
  await tab.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await tab.emulateMedia({media: null});
}

/// Of a page of hostile names: they are shown, and do nothing.
export async function hostile(tab, say) {
  if (await tab.evaluate(() => window.owned !== undefined)) say('a script of a name ran');
  if (await tab.locator('img, iframe, a[href^="http"], script[src]').count()) say('an element of a name is there');
  await tab.locator('#search').fill('<script>');
  await tab.waitForTimeout(300);
  if (!(await rows(tab))) say('a hostile name is not found by its text');
}

/// Of a page that lists a part: it says so, in one line.
export async function cut(tab, say) {
  if (await tab.locator('.cut').count() !== 1) say('nothing says that not everything is listed');
}

/// Of a page without findings.
export async function clean(tab, say) {
  if (await tab.locator('#overview-title').innerText() !== 'Nothing is noncompliant') say('it does not say that nothing was found');
  if (await tab.locator('#findings button').count()) say('it has filters of nothing');
}
