import { describe, expect, it } from 'vitest';
import { KeptAnswers } from '../../src/transport/kept-answers.ts';

const MB = 1024 * 1024;
const reading = (value: string) => ({ value, fetchedAt: new Date(0) });

describe('transport/kept-answers', () => {
  it('keeps no more than 192 MB of bodies, the newest ones', () => {
    const kept = new KeptAnswers();
    for (const key of ['a', 'b', 'c']) kept.keep(key, reading(key), 90 * MB);
    expect(['a', 'b', 'c'].map((key) => kept.get(key)?.value)).toEqual([undefined, 'b', 'c']);
    kept.keep('b', reading('newer'), MB);
    kept.keep('d', reading('d'), 90 * MB);
    expect(['b', 'c', 'd'].map((key) => kept.get(key)?.value)).toEqual(['newer', 'c', 'd']);
  });

  it('does not keep a single answer that is longer than that', () => {
    const kept = new KeptAnswers();
    kept.keep('a', reading('a'), 193 * MB);
    expect(kept.get('a')).toBeUndefined();
    kept.keep('b', reading('b'), 192 * MB);
    expect(kept.get('b')?.value).toBe('b');
  });

  it('keeps no more than 500 answers', () => {
    const kept = new KeptAnswers();
    for (let index = 0; index <= 500; index += 1) kept.keep(`${index}`, reading(`${index}`), 1);
    expect([kept.get('0'), kept.get('1')?.value, kept.get('500')?.value]).toEqual([undefined, '1', '500']);
  });

  it('counts from nothing after it was cleared', () => {
    const kept = new KeptAnswers();
    kept.keep('a', reading('a'), 180 * MB);
    kept.clear();
    kept.keep('b', reading('b'), 90 * MB);
    kept.keep('c', reading('c'), 90 * MB);
    expect(['a', 'b', 'c'].map((key) => kept.get(key)?.value)).toEqual([undefined, 'b', 'c']);
  });
});
