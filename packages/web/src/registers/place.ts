import type { TFunction } from 'i18next';

interface Place {
  /** '' in a CSV file. */
  readonly sheet: string;
  readonly row: number;
  readonly column: string | null;
}

/** Where it stands, in the words of a spreadsheet program. */
export function placeText(t: TFunction, { sheet, row, column }: Place): string {
  if (sheet === '')
    return column === null
      ? t('registers.place.csvRow', { row })
      : t('registers.place.csvCell', { row, column });
  return column === null
    ? t('registers.place.row', { sheet, row })
    : t('registers.place.cell', { sheet, row, column });
}
