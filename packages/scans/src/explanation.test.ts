import { expect, test } from 'vitest';
import { Explanations, plainOfHtml, unbroken } from './explanation.ts';

test('a check is explained once, by the first record that says anything, and no text is made after that', () => {
  const explanations = new Explanations();
  expect(explanations.of('tool:a', () => ({ description: ' ' }))).toEqual([]);
  expect(explanations.of('tool:a', () => ({ advice: 'Update it.' }))).toEqual([
    { record: 'explanation', check: 'tool:a', description: '', harm: '', advice: 'Update it.' },
  ]);
  const words = () => {
    throw new Error('asked again');
  };
  expect(explanations.of('tool:a', words)).toEqual([]);
});

test('HTML becomes lines of words; a text without any stays as it is', () => {
  expect(plainOfHtml('<p>One &amp; two</p><ul><li>three</li></ul><script>alert(1)</script>')).toBe(
    'One & two\n\n * three',
  );
  expect(plainOfHtml('a  b')).toBe('a  b');
});

test('brackets without end cost no more than their first part', () => {
  expect(plainOfHtml('<div>'.repeat(1_000_000)).length).toBeLessThan(50_001);
});

test.each(['n/a', 'N/A', 'None', 'none.', 'See references', '-', ' '])(
  '"%s" alone says nothing',
  (nothing) => {
    const words = () => ({ description: nothing, harm: 'Bad.', advice: nothing });
    expect(new Explanations().of('tool:a', words)).toMatchObject([
      { description: '', harm: 'Bad.', advice: '' },
    ]);
    expect(new Explanations().of('tool:a', () => ({ description: nothing }))).toEqual([]);
  },
);

test('lines that were broken to a width are joined; paragraphs and lists stay', () => {
  expect(
    unbroken('One sentence\r\n  of two lines.\n\n\nThen:\n  - this\n    one\n  - that\n\n1. first\n'),
  ).toBe('One sentence of two lines.\n\nThen:\n- this one\n- that\n\n1. first');
});

test('empty lines without end are joined in one walk', () => {
  expect(unbroken(`a${'\n '.repeat(2_000_000)}-`)).toBe('a');
});

test('an element with the name of a property that every object has is read like any other', () => {
  expect(plainOfHtml('<p>What to do.<Constructor>Restart.</constructor></p>')).toBe('What to do.Restart.');
  expect(plainOfHtml('<constr<constructor>uctor>')).toBe('uctor>');
});
