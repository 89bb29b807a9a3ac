import { PublishLookBack } from '@backcheck/contract';
import { describe, expect, test } from 'vitest';
import { EMPTY_DRAFT, flawsOf, wantedOf } from './look-back-draft.ts';

const draft = { ...EMPTY_DRAFT, title: 'Spring' };

describe('the form of a look-back', () => {
  test.each([
    [EMPTY_DRAFT, ['title']],
    [draft, []],
    [{ ...draft, sample: '0' }, ['sample']],
    [{ ...draft, sample: '1.5', title: ' ' }, ['title', 'sample']],
    [{ ...draft, sample: '', all: true }, []],
    [{ ...draft, seed: 'dice' }, ['seed']],
    [{ ...draft, seed: ` ${'AB'.repeat(32)} ` }, []],
  ])('of %j lacks %j', (form, flaws) => {
    expect(flawsOf(form)).toEqual(flaws);
  });

  test('is sent as the server takes it', () => {
    const sent = wantedOf({
      ...draft,
      organizationId: '7',
      checks: ' testssl:BEAST\n\nnmap:open-port',
      seed: 'AB'.repeat(32),
    });
    expect(PublishLookBack.parse(sent)).toEqual(sent);
    expect(sent).toMatchObject({
      organizationId: '7',
      rule: { checks: ['testssl:BEAST', 'nmap:open-port'] },
      sample: 50,
      seed: 'ab'.repeat(32),
    });
    expect(wantedOf({ ...draft, all: true })).toMatchObject({ sample: null });
    expect(wantedOf(draft)).not.toHaveProperty('seed');
  });
});
