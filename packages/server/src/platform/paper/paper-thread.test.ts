import { describe, expect, test } from 'vitest';
import { PaperThread } from './paper-thread.ts';
import { PaperPress } from './press.ts';
import { printApart } from './press-apart.ts';

const TEMPLATE = `#set document(date: none)
#for line in json(bytes(sys.inputs.data)) [#line #linebreak()]`;
const paper = (lines: number) => ({
  template: TEMPLATE,
  data: Array.from({ length: lines }, (_, index) => `Finding ${index}`),
});

describe('a paper that is set on a thread of its own', () => {
  test('is the same to the byte', async () => {
    const bytes = await printApart(paper(3));
    expect(bytes.equals(new PaperPress().print(paper(3)))).toBe(true);
  });

  test('leaves the server free to answer meanwhile, however long it is', async () => {
    let answered = 0;
    const timer = setInterval(() => {
      answered += 1;
    }, 1);
    await printApart(paper(3000));
    clearInterval(timer);
    expect(answered).toBeGreaterThan(10);
  });

  test('waits for its turn, and each caller gets their own', async () => {
    const [a, b, again] = await Promise.all([1, 2, 1].map((lines) => printApart(paper(lines))));
    expect([a?.equals(again ?? Buffer.alloc(0)), a?.equals(b ?? Buffer.alloc(0))]).toEqual([true, false]);
  });

  test('that cannot be set says why, and the next one is set', async () => {
    const wrong = printApart({ template: '#nothing-of-this-name', data: null });
    await expect(wrong).rejects.toMatchObject({
      message: 'a paper could not be set',
      cause: { message: expect.stringContaining('unknown variable') },
    });
    expect((await printApart(paper(1))).subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('on a thread that does not start is refused, too', async () => {
    const thread = new PaperThread<null>(new URL('./nothing.ts', import.meta.url));
    await expect(thread.set(null)).rejects.toThrow('a paper could not be set');
    await expect(thread.set(null)).rejects.toThrow('a paper could not be set');
  });
});
