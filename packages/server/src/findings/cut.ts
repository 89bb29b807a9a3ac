/** At most `most` characters of UTF-16, and never half of one; what is left out shows as "…". */
export const cutTo = (most: number, text: string): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
