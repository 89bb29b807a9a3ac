import { REPLY_KINDS } from '@backcheck/core';
import { describe, expect, test } from 'vitest';
import { EMPTY_REPLY, missingOf, replyOf } from './reply-draft.ts';

const ABOUT = { findingIds: ['7'], uploadIds: [] };
const CHOICES = ['reply-ground', 'reply-reason'];

describe('the form of a reply', () => {
  test('answers nothing in the place of the person who fills it in', () => {
    const asked = REPLY_KINDS.map((kind) =>
      missingOf(kind, EMPTY_REPLY).filter((id) => CHOICES.includes(id)),
    );
    expect(Object.fromEntries(REPLY_KINDS.map((kind, no) => [kind, asked[no]]))).toEqual({
      objection: ['reply-ground'],
      plan: [],
      interim: [],
      extension: ['reply-reason'],
      acceptance: [],
      'false-positive': ['reply-reason'],
    });
    expect(missingOf('objection', { ...EMPTY_REPLY, ground: 'grade' })).toContain('reply-grade');
  });

  test('names what is missing in the order of the form', () => {
    expect(missingOf('plan', EMPTY_REPLY)).toEqual(['reply-text', 'reply-responsible', 'reply-until']);
    expect(missingOf('acceptance', EMPTY_REPLY)).toEqual(['reply-text', 'reply-control', 'reply-until']);
  });

  test('sends of a plan only what was written', () => {
    const until = '2026-12-31T16:00:00.000Z';
    const draft = {
      ...EMPTY_REPLY,
      text: 'Update',
      responsible: 'IT',
      until,
      rollback: ' the snapshot ',
      risk: ' ',
    };
    expect(missingOf('plan', draft)).toEqual([]);
    expect(replyOf('plan', draft, ABOUT)).toEqual({
      kind: 'plan',
      ...ABOUT,
      text: 'Update',
      responsible: 'IT',
      until,
      rollback: 'the snapshot',
    });
  });
});
