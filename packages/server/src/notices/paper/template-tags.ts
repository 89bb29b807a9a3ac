import { NOTICE_TEMPLATE_TAGS, requiredTags, type TemplateTag } from '@backcheck/contract';
import type { NoticeKind } from '@backcheck/core';
import type { Tag } from 'easy-template-x';
import { Problem } from '../../platform/problem.ts';

/** Every name that a tag may have: of `words` the ones with a language too. */
const KNOWN: ReadonlyMap<string, TemplateTag> = new Map(
  NOTICE_TEMPLATE_TAGS.flatMap((tag): [string, TemplateTag][] => {
    const one: [string, TemplateTag] = [tag.name, tag];
    return tag.form === 'words' ? [one, [`${tag.name}Zh`, tag], [`${tag.name}En`, tag]] : [one];
  }),
);

/**
 * Refuses tags that stand for nothing where they are, loops that are not closed, and a template that lacks what a paper
 * of its kind must say. A loop inside of a loop would repeat each for each: a few of them fill a memory.
 */
export function refuseTags(tags: readonly Tag[], kind: NoticeKind): void {
  const open: string[] = [];
  for (const { name, rawText, disposition } of tags) {
    if (disposition === 'Close') {
      // `{/}` closes whatever is open
      const last = open.pop();
      if (last === undefined || (name !== '' && name !== last))
        throw new Problem('NOTICE_TEMPLATE_TAG_UNBALANCED', { place: rawText });
      continue;
    }
    refuseTag({ name, rawText, opens: disposition === 'Open' }, open);
    if (disposition === 'Open') open.push(name);
  }
  const [left] = open;
  if (left !== undefined) throw new Problem('NOTICE_TEMPLATE_TAG_UNBALANCED', { place: `{#${left}}` });
  const names = new Set(tags.map(({ name }) => name));
  const missing = requiredTags(kind).filter((oneOf) => !oneOf.some((name) => names.has(name)));
  if (missing.length > 0)
    throw new Problem('NOTICE_TEMPLATE_TAG_MISSING', {
      tags: missing.map((oneOf) => oneOf.map((name) => `{${name}}`).join(' / ')).join(', '),
    });
}

interface OpenTag {
  readonly name: string;
  readonly rawText: string;
  readonly opens: boolean;
}

function refuseTag({ name, rawText, opens }: OpenTag, open: readonly string[]): void {
  const tag = KNOWN.get(name);
  const loops = open.filter((one) => KNOWN.get(one)?.form === 'loop');
  const place = loops.length === 0 ? '—' : `{#${loops.join('} {#')}}`;
  const unknown = () => new Problem('NOTICE_TEMPLATE_TAG_UNKNOWN', { tag: rawText, place });
  if (tag === undefined || (tag.place !== 'paper' && !loops.includes(tag.place))) throw unknown();
  // A text that is opened is a condition: what is inside stands where there is such a text.
  if (
    tag.form === 'loop' ? !opens || loops.length > 0 : tag.form === 'picture' && (opens || loops.length > 0)
  )
    throw unknown();
}
