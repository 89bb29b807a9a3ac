import { expect, test } from 'vitest';
import { AgreedWords } from './agreed-words.ts';

test('a text counts while all that say anything say the same; null says that it is of one place', () => {
  const said = new AgreedWords();
  said.add('a', { description: ' Same. ', harm: 'One.', advice: 'Once.' });
  said.add('a', { description: 'Same.', harm: 'Two.', advice: '' });
  said.add('a', { harm: 'One.' });
  said.add('b', { advice: null });
  said.add('b', { advice: 'Update.' });
  said.add('c', { advice: 'N/A' });
  expect(said.explanations((check) => `tool:${check}`)).toEqual([
    { record: 'explanation', check: 'tool:a', description: 'Same.', harm: '', advice: 'Once.' },
  ]);
});

test('texts without end are not kept', () => {
  const said = new AgreedWords();
  const long = 'x'.repeat(6000);
  for (let check = 0; check < 5000; check += 1) said.add(`${check}`, { description: `${check} ${long}` });
  const kept = said.explanations();
  expect(kept.length).toBeLessThan(2000);
  expect(kept[0]?.description.length).toBeLessThan(10_000);
});
