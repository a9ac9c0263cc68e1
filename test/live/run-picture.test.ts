import { describe, expect, it } from 'vitest';
import type { BackupRun } from '../../src/domain/backup-run.ts';
import { RunPicture } from '../../src/live/run-picture.ts';
import { sampleRun } from '../support/domain-samples.ts';
import { RUNNING } from './scripted-source.ts';

const SINCE = new Date('2026-11-20T00:00:00Z');
const OLD = { startedAt: new Date('2026-11-19T01:00:00Z'), endedAt: new Date('2026-11-19T02:00:00Z') };

/** What a look tells after another one. */
function stepsOf(before: readonly BackupRun[], after: readonly BackupRun[], tellActive = false): string[] {
  const picture = new RunPicture();
  picture.take(before, SINCE, false);
  return words(picture.take(after, SINCE, tellActive));
}

function words(steps: ReturnType<RunPicture['take']>): string[] {
  return steps.map(({ run, previousStatus }) => `${run.nativeId} ${previousStatus} ${run.status}`);
}

describe('live/run-picture', () => {
  it('tells at first what is under way, and nothing of what has ended', () => {
    const runs = [
      sampleRun({ nativeId: 'done' }),
      sampleRun({ nativeId: 'now', ...RUNNING }),
      sampleRun({ nativeId: 'soon', status: 'QUEUED' }),
    ];
    expect(words(new RunPicture().take(runs, SINCE, false))).toEqual([
      'now undefined RUNNING',
      'soon undefined QUEUED',
    ]);
  });

  it.each<[string, Partial<BackupRun>, Partial<BackupRun>, string[]]>([
    ['nothing changed', RUNNING, RUNNING, []],
    ['it ended', RUNNING, {}, ['r1 RUNNING SUCCEEDED']],
    ['its progress changed', RUNNING, { ...RUNNING, progressPercent: 20 }, ['r1 RUNNING RUNNING']],
    ['its end was corrected', {}, { endedAt: new Date('2026-11-20T01:11:00Z') }, ['r1 SUCCEEDED SUCCEEDED']],
    ['its status was corrected', {}, { status: 'FAILED' }, ['r1 SUCCEEDED FAILED']],
    ['only a figure changed', {}, { bytes: 5n }, []],
  ])('compares a run with what it was: %s', (_name, before, after, told) => {
    expect(stepsOf([sampleRun(before)], [sampleRun(after)])).toEqual(told);
  });

  it('tells a run that is new, also when it has ended before it was seen', () => {
    expect(stepsOf([], [sampleRun({ nativeId: 'quick' }), sampleRun({ nativeId: 'now', ...RUNNING })])).toEqual([
      'quick undefined SUCCEEDED',
      'now undefined RUNNING',
    ]);
  });

  it('takes a finished run from before the period for old news', () => {
    expect(stepsOf([], [sampleRun(OLD)])).toEqual([]);
  });

  it('tells the end of a run that began before the period', () => {
    const began = { ...OLD, ...RUNNING };
    expect(stepsOf([sampleRun(began)], [sampleRun(OLD)])).toEqual(['r1 RUNNING SUCCEEDED']);
  });

  it('tells what is under way anew when asked to, with the status that was last told', () => {
    const runs = [sampleRun({ nativeId: 'now', ...RUNNING }), sampleRun({ nativeId: 'done' })];
    expect(stepsOf(runs, runs, true)).toEqual(['now RUNNING RUNNING']);
  });

  it('names what was under way and is not told any more', () => {
    const picture = new RunPicture();
    picture.take([sampleRun({ nativeId: 'a', ...RUNNING }), sampleRun({ nativeId: 'b' })], SINCE, false);
    expect(picture.missing([])).toEqual(['a']);
    picture.forget('a');
    expect(picture.missing([])).toEqual([]);
  });

  it('forgets what ended before the period', () => {
    const picture = new RunPicture();
    picture.take([sampleRun()], SINCE, false);
    const later = new Date('2026-11-21T00:00:00Z');
    picture.take([], later, false);
    expect(words(picture.take([sampleRun({ status: 'FAILED' })], later, false))).toEqual([]);
  });
});
