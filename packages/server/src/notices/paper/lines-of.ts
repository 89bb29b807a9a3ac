/** The lines of a text that has any, each a paragraph. */
export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');
