import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

const FONT_FOLDERS = ['400Regular', '700Bold'];
/** Compilations after which what no longer occurs in a paper is forgotten. */
const CACHE_AGE = 8;

export interface Paper {
  /** Typst. */
  readonly template: string;
  /** Reaches the template as JSON in `sys.inputs.data`, so that no text in it can be markup. */
  readonly data: unknown;
  /** SVG of ours, each in `sys.inputs` under its name. */
  readonly drawings?: Readonly<Record<string, string>>;
}

/**
 * Sets papers: a template of ours (Typst) and data become a PDF. The fonts come from an npm package; characters that
 * they lack are taken from fonts of the system, where it has such. One is made for the process (0.15 s), a paper takes
 * milliseconds after the first; the work is in native code on the calling thread, so requests have it done by
 * press-apart.ts.
 */
export class PaperPress {
  readonly #compiler: NodeCompiler;

  constructor() {
    const fonts = dirname(
      createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/package.json'),
    );
    this.#compiler = NodeCompiler.create({
      // Nothing is read from it: a template names no file, and what it needs stands in its data.
      workspace: import.meta.dirname,
      fontArgs: [{ fontPaths: FONT_FOLDERS.map((folder) => `${fonts}/${folder}`) }],
    });
  }

  /**
   * The same paper gives the same bytes: no date and no random id is written.
   * @throws when the template does not compile: a fault of ours, never of the data.
   */
  print({ template, data, drawings = {} }: Paper): Buffer {
    const inputs = { ...drawings, data: JSON.stringify(data, readable) };
    const made = this.#compiler.compile({ mainFileContent: template, inputs });
    if (made.result === null) {
      const why = this.#compiler.fetchDiagnostics(made.takeDiagnostics() ?? fault('no diagnostics'));
      throw fault(JSON.stringify(why));
    }
    const pdf = this.#compiler.pdf(made.result, { pdfTags: true });
    this.#compiler.evictCache(CACHE_AGE);
    return pdf;
  }
}

/** Control and format characters print nothing, or turn the order of what stands beside them. */
function readable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd') : value;
}

function fault(why: string): never {
  throw new Error(`a paper could not be set: ${why}`);
}
