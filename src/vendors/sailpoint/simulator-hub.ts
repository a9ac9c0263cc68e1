import type { SimulatedRequest, SimulatedResponse } from '../../simulation/simulated-server.ts';
import { objectOf, planOf, textOf, type Action } from './simulator-actions.ts';
import { Refusal } from './simulator-answers.ts';
import { multipartOf } from './simulator-form.ts';
import { patched } from './simulator-patch.ts';
import { printInstant, recordView, statusOf, type BackupRecord } from './simulator-records.ts';
import type { TenantState } from './simulator-state.ts';

export interface HubCall {
  readonly request: SimulatedRequest;
  /** The id in the path, or an empty text. */
  readonly id: string;
  readonly now: number;
  /** The body as JSON. @throws Refusal */
  json(): unknown;
}

export interface HubOperation {
  readonly scopes: readonly string[];
  readonly id: string;
  run(call: HubCall): SimulatedResponse;
}

type Run = (call: HubCall) => SimulatedResponse;

/** The paths of the configuration hub. */
export class Hub {
  readonly #state: TenantState;
  readonly #operations: Readonly<Record<string, readonly [right: string, run: Run]>>;

  constructor(state: TenantState) {
    this.#state = state;
    this.#operations = {
      'GET backups': ['config-backup:read', (call) => this.#backups(call, ({ isInPlainList }) => isInPlainList)],
      'DELETE backups/{}': [
        'config-backup:manage',
        (call) => this.#deleteBackup(call, ({ isInPlainList }) => isInPlainList),
      ],
      'GET backups/uploads': ['config-backup:read', (call) => this.#backups(call, isUpload)],
      'POST backups/uploads': ['config-backup:manage', (call) => this.#upload(call)],
      'GET backups/uploads/{}': ['config-backup:read', (call) => this.#getUpload(call)],
      'DELETE backups/uploads/{}': ['config-backup:manage', (call) => this.#deleteBackup(call, isUpload)],
      'GET scheduled-actions': ['config-scheduled-action:read', () => this.#actions()],
      'POST scheduled-actions': ['config-scheduled-action:manage', (call) => this.#createAction(call)],
      'PATCH scheduled-actions/{}': ['config-scheduled-action:manage', (call) => this.#patchAction(call)],
      'DELETE scheduled-actions/{}': ['config-scheduled-action:manage', (call) => this.#deleteAction(call)],
      'GET drafts': ['config-draft:read', (call) => this.#drafts(call)],
      'DELETE drafts/{}': ['config-draft:manage', (call) => this.#deleteDraft(call)],
      'GET deploys': ['config-deploy:read', ({ now }) => ok({ items: this.#state.restore.deploys(now) })],
      'POST deploys': ['config-deploy:manage', (call) => this.#deploy(call)],
      'GET deploys/{}': ['config-deploy:read', (call) => this.#getDeploy(call)],
    };
  }

  /** The fixed path before the one with an id; undefined when there is neither. */
  find(method: string, parts: readonly string[]): HubOperation | undefined {
    const fixed = this.#operations[`${method} ${parts.join('/')}`];
    const withId = this.#operations[`${method} ${[...parts.slice(0, -1), '{}'].join('/')}`];
    const [right, run] = fixed ?? withId ?? [];
    if (right === undefined || run === undefined) return undefined;
    const manage = right.replace(/:read$/, ':manage');
    return { scopes: [`sp:${right}`, `sp:${manage}`], id: fixed === undefined ? (parts.at(-1) ?? '') : '', run };
  }

  #backups({ request, now }: HubCall, isWanted: (record: BackupRecord) => boolean): SimulatedResponse {
    const wanted = filterOf(request.query, ['status']);
    const records = this.#state.records().filter((record) => isWanted(record) && this.#fits(record, wanted, now));
    return ok(records.map((record) => recordView(record, now)));
  }

  #fits(record: BackupRecord, wanted: Filter | undefined, now: number): boolean {
    return wanted === undefined || (record.statusGap === undefined && statusOf(record, now) === wanted.value);
  }

  /** What has not ended cannot be deleted: that would be a cancel, which the vendor does not have. */
  #deleteBackup({ id, now }: HubCall, isWanted: (record: BackupRecord) => boolean): SimulatedResponse {
    const record = this.#state.record(id);
    if (record === undefined || !isWanted(record)) throw notFound(id);
    if (!record.userCanDelete) throw new Refusal(403, 'The backup cannot be deleted by a user.');
    if (now < record.endsAt) throw new Refusal(400, 'The backup is in progress.');
    this.#state.removeRecord(id);
    return { status: 204 };
  }

  /** A file of one object with `objects`, or a bare array of them. */
  #upload({ request, now }: HubCall): SimulatedResponse {
    const fields = multipartOf(request.headers['content-type'] ?? '', request.body);
    const [data, name] = [fields?.get('data'), fields?.get('name')];
    if (data === undefined || name === undefined || name === '')
      throw new Refusal(400, 'The form needs the fields data and name.');
    const record = this.#state.addUpload(name, countOf(data), now);
    return { status: 202, body: recordView(record, now) };
  }

  #getUpload({ id, now }: HubCall): SimulatedResponse {
    const record = this.#state.record(id);
    if (record === undefined || !isUpload(record)) throw notFound(id);
    return ok(recordView(record, now));
  }

  #actions(): SimulatedResponse {
    return ok(this.#state.actions().map(actionView));
  }

  /** As in the vendor's sample, the reply leaves out the zone that was sent. */
  #createAction({ json, now }: HubCall): SimulatedResponse {
    const action = this.#state.addAction(planOf(json()), now);
    this.#state.settle(now);
    const { timeZoneId: _left, ...shown } = actionView(action);
    return ok(shown);
  }

  #patchAction({ id, request, json, now }: HubCall): SimulatedResponse {
    const action = this.#action(id);
    if (!/^application\/json-patch\+json\b/i.test(request.headers['content-type'] ?? ''))
      throw new Refusal(400, 'The content type must be application/json-patch+json.');
    const before = actionView(action);
    const after = objectOf(patched(before, json()), 'patched action');
    if (after['id'] !== before.id || after['created'] !== before.created)
      throw new Refusal(400, 'A member of the patch is read-only.');
    this.#state.changeAction(action, planOf(after), now);
    return ok(actionView(action));
  }

  #deleteAction({ id }: HubCall): SimulatedResponse {
    this.#state.removeAction(this.#action(id).id);
    return { status: 204 };
  }

  #drafts({ request, now }: HubCall): SimulatedResponse {
    const wanted = filterOf(request.query, ['status', 'approvalStatus']);
    const drafts = this.#state.restore.drafts(now);
    return ok(drafts.filter((draft) => wanted === undefined || draft[wanted.name] === wanted.value));
  }

  #deleteDraft({ id }: HubCall): SimulatedResponse {
    if (!this.#state.restore.removeDraft(id)) throw notFound(id);
    return { status: 204 };
  }

  #deploy({ json, now }: HubCall): SimulatedResponse {
    const draftId = textOf(objectOf(json(), 'request body'), 'draftId');
    if (draftId === undefined || !this.#state.restore.hasDraft(draftId))
      throw new Refusal(400, 'draftId must name a draft.');
    return { status: 202, body: this.#state.restore.deployOf(this.#state.restore.deploy(draftId, now), now) };
  }

  #getDeploy({ id, now }: HubCall): SimulatedResponse {
    const deploy = this.#state.restore.deployOf(id, now);
    if (deploy === undefined) throw notFound(id);
    return ok(deploy);
  }

  #action(id: string): Action {
    const action = this.#state.action(id);
    if (action === undefined) throw notFound(id);
    return action;
  }
}

interface Filter {
  readonly name: string;
  readonly value: string;
}

/** `status eq "COMPLETE"`. @throws Refusal for any other name, operator or form. */
function filterOf(query: URLSearchParams, names: readonly string[]): Filter | undefined {
  const text = query.get('filters');
  if (text === null) return undefined;
  const [, name = '', value = ''] = /^\s*(\w+)\s+eq\s+"((?:[^"\\]|\\["\\])*)"\s*$/.exec(text) ?? [];
  if (!names.includes(name)) throw new Refusal(400, 'The filter is not supported.');
  return { name, value: value.replaceAll(/\\(.)/g, '$1') };
}

function actionView({ id, createdAt, number, plan }: Action): { id: string; created: string; timeZoneId?: string } {
  return { id, created: printInstant(createdAt, number), ...plan };
}

/** How many objects an uploaded file holds. @throws Refusal when it is no JSON of either form. */
function countOf(data: string): number {
  try {
    const value = JSON.parse(data) as unknown;
    const objects = Array.isArray(value) ? value : objectOf(value, 'file')['objects'];
    if (Array.isArray(objects)) return objects.length;
  } catch (error) {
    if (error instanceof Refusal) throw error;
  }
  throw new Refusal(400, 'The file is not a configuration.');
}

function isUpload({ backupType }: BackupRecord): boolean {
  return backupType === 'UPLOADED';
}

function ok(body: unknown): SimulatedResponse {
  return { status: 200, body };
}

function notFound(id: string): Refusal {
  return new Refusal(404, `The object ${id} was not found.`);
}
