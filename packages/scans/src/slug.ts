/** "Cross Site Scripting" -> "cross-site-scripting": the id of a check of which a file gives the name only. */
export function slugOf(name: string): string {
  const words = name
    .slice(0, 300)
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words
    .filter((word) => word !== '')
    .join('-')
    .slice(0, 100);
}
