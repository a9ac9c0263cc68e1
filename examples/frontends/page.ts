import './page.css';
import type { BoardQuery, LiveRunsSubscription } from '../clients/generated/graphql.ts';

/** What both example frontends show; only how they ask differs. */

type Report = BoardQuery['statusReport'];
type Change = LiveRunsSubscription['backupRunChanged'];

/** A status or a verdict as a colour. What is not known is never green. */
function tone(word: string): string {
  if (/^(FAILED|MISSED|BREACHED|NEVER_PROTECTED)$/.test(word)) return 'bad';
  if (/^(SUCCEEDED|MET|OK)$/.test(word)) return 'good';
  return /^(QUEUED|RUNNING|CANCELING)$/.test(word) ? 'busy' : 'warning';
}

export function showBoard({ generatedAt, complete, rpo, sources, entries }: Report): void {
  fill('problem', []);
  const { met, atRisk, breached, neverProtected, unknown } = rpo;
  const objectives = [
    `${met} met`,
    `${atRisk} at risk`,
    `${breached} breached`,
    `${neverProtected} never protected`,
    `${unknown} unknown`,
  ];
  const state = complete ? 'All sources have answered.' : 'Not complete: a source is missing.';
  fill('summary', [text('p', `${objectives.join(', ')}. ${state} As of ${clock(generatedAt)}.`)]);
  fill(
    'sources',
    sources.map(({ source, outcome, error }) => {
      const chip = text('span', `${source.key} ${outcome}`, outcome === 'OK' ? 'good' : 'bad');
      chip.title = error?.message ?? source.name;
      return chip;
    }),
  );
  fill(
    'objects',
    entries.nodes.map((entry) =>
      row(
        text('td', entry.status, tone(entry.status)),
        text('td', entry.object.name),
        text('td', entry.object.source.key),
        text('td', entry.rpo?.verdict ?? '–', tone(entry.rpo?.verdict ?? '')),
        text('td', clock(entry.rpo?.dueBy)),
        text('td', clock(entry.lastSuccess?.startedAt)),
      ),
    ),
  );
}

/** The newest change stands on top. */
export function showChange({ previousStatus, observedAt, run }: Change): void {
  const item = document.createElement('li');
  const arrow = previousStatus === null || previousStatus === undefined ? '' : `${previousStatus} → `;
  item.append(
    text('time', clock(observedAt)),
    text('b', `${arrow}${run.status}`, tone(run.status)),
    ` ${run.job?.name ?? 'a run'} (${run.source.key})`,
  );
  part('changes').prepend(item);
}

/** Reads the board again soon after a change; changes come in crowds, and one reading is enough for all of them. */
export function onceFor(read: () => void): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  return () => {
    waiting ??= setTimeout(() => {
      waiting = undefined;
      read();
    }, 500);
  };
}

/** Never an empty page: what could not be read is said, until the board is read again. */
export function showProblem(error: unknown): void {
  fill('problem', [text('p', error instanceof Error ? error.message : String(error), 'bad')]);
}

function row(...cells: readonly HTMLElement[]): HTMLElement {
  const element = document.createElement('tr');
  element.append(...cells);
  return element;
}

/** As text, whatever a vendor has sent. */
function text(name: string, content: string, className = ''): HTMLElement {
  const element = document.createElement(name);
  element.textContent = content;
  element.className = className;
  return element;
}

function fill(id: string, elements: readonly HTMLElement[]): void {
  part(id).replaceChildren(...elements);
}

function part(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no part ${id}`);
  return element;
}

function clock(instant: string | null | undefined): string {
  return instant === null || instant === undefined
    ? '–'
    : new Date(instant).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' });
}
