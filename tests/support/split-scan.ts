/** What happens to scan files between the scanner and Backcheck: they are cut off, or taken apart asset by asset. */

/** The first 10 %, 20 % … 90 % of the bytes. */
export function tenthsOf(bytes: Buffer): Buffer[] {
  return [1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenth) =>
    bytes.subarray(0, Math.floor((bytes.length * tenth) / 10)),
  );
}

interface Parts {
  readonly head: string;
  readonly elements: readonly string[];
  readonly tail: string;
}

/** `element` finds what stands once per asset; head and tail are what stands around all of them. */
function partsOf(text: string, element: RegExp): Parts {
  const elements = [...text.matchAll(element)];
  const [first, last] = [elements[0], elements.at(-1)];
  if (first === undefined || last === undefined) throw new Error('the scan holds no asset');
  const head = text.slice(0, first.index);
  return { head, elements: elements.map(([one]) => one), tail: text.slice(last.index + last[0].length) };
}

/** The first group of `pattern`. */
function addressIn(element: string, pattern: RegExp): string {
  const address = pattern.exec(element)?.[1];
  if (address === undefined) throw new Error(`no address in ${element.slice(0, 80)}`);
  return address;
}

/** As if nmap had been started for each of its targets apart: one file each, with that target in the command line. */
export function splitNmap(xml: string): string[] {
  const { head, elements, tail } = partsOf(xml, /<host [\s\S]*?<\/host>\n?/g);
  const addresses = elements.map((one) => addressIn(one, /<address addr="([\d.]+)" addrtype="ipv4"/));
  return elements.map((element, index) => {
    const others = addresses.filter((_, other) => other !== index);
    const alone = others.reduce(
      (text, other) => text.replaceAll(new RegExp(` ${other}(?![\\d.])`, 'g'), ''),
      head,
    );
    const start = alone.replaceAll(/<hosthint>[\s\S]*?<\/hosthint>\n/g, '');
    return `${start}${element}${tail.replace(/<hosts [^>]*>/, '<hosts up="1" down="0" total="1"/>')}`;
  });
}

/** As if each asset had been a scan of its own: one .nessus file each, with that asset as its TARGET. */
export function splitNessus(xml: string): string[] {
  const { head, elements, tail } = partsOf(xml, /<ReportHost [\s\S]*?<\/ReportHost>\n?/g);
  return elements.map((element) => {
    const target = addressIn(element, /<ReportHost name="([^"]+)"/);
    return `${head.replace(/(<name>TARGET<\/name><value>)[^<]*/, `$1${target}`)}${element}${tail}`;
  });
}
