import { type CellValue, writeXlsx } from 'hucre';

/** A district with 300 organizations as an office keeps it: a title above the header, headers in its own words. */
export interface OfficeWorkbook {
  /** Twelve cells of the organizations are wrong. */
  readonly wrong?: boolean;
  /** Systems, assets and contacts too, on sheets of their own. */
  readonly whole?: boolean;
}

/** Where the wrong cells are, and what is wrong with each. */
export const WRONG_CELLS = [
  { row: 20, column: 'D', code: 'CELL_CHECK_DIGIT', value: '91110000000000000A' },
  { row: 40, column: 'D', code: 'CELL_NOT_USCC', value: '1234' },
  { row: 60, column: 'C', code: 'UNKNOWN_ORGANIZATION', value: 'DW-999' },
  { row: 80, column: 'C', code: 'ROW_IS_ITS_OWN_PARENT', value: 'DW-078' },
  { row: 100, column: 'F', code: 'CELL_REQUIRED', value: null },
  { row: 120, column: 'G', code: 'CELL_NOT_A_REGION', value: '32' },
  { row: 140, column: 'E', code: 'CELL_NOT_IN_LIST', value: '太空站' },
  { row: 160, column: 'H', code: 'CELL_NOT_A_NUMBER', value: '约五十人' },
  { row: 180, column: 'I', code: 'CELL_NOT_A_DATE', value: '去年' },
  { row: 200, column: 'J', code: 'CELL_NOT_YES_NO', value: '也许' },
  { row: 220, column: 'B', code: 'ROW_WITHOUT_NAME', value: null },
  { row: 240, column: 'A', code: 'CELL_CODE_HAS_SPACE', value: 'DW 238' },
] as const;

export const ORGANIZATIONS = 300;

const code = (n: number): string => `DW-${String(n).padStart(3, '0')}`;

/** GB 32100-2015: the last of the 18 characters checks the others. */
function uscc(n: number): string {
  const characters = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const body = `12320000${String(n).padStart(9, '0')}`;
  let [sum, weight] = [0, 1];
  for (const character of body) {
    sum += characters.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return body + (characters[(31 - (sum % 31)) % 31] ?? '');
}

const KINDS = ['学校', '医院', '事业单位', '党政机关', '国企'];

/** The first is the district, the next nine its towns; all others lie in a town. */
function organizationRows(): CellValue[][] {
  return Array.from({ length: ORGANIZATIONS }, (_, at) => {
    const n = at + 1;
    const parent = n === 1 ? null : n <= 10 ? code(1) : code(2 + (n % 9));
    const day = new Date(Date.UTC(2026, n % 9, 1 + (n % 28)));
    return [
      code(n),
      `临湖区第${n}单位`,
      parent,
      uscc(n),
      KINDS[n % 5] ?? '',
      '公共服务',
      '320100',
      n * 3,
      day,
      n % 2 ? '是' : '否',
    ];
  });
}

const ORGANIZATION_HEADERS = [
  '单位编码*',
  '单位名称',
  '上级单位编码',
  '统一社会信用代码',
  '单位性质',
  '所属行业',
  '行政区划代码',
  '职工人数',
  '最近演练日期',
  '是否关基运营者',
];

function spoil(rows: CellValue[][]): void {
  for (const { row, column, value } of WRONG_CELLS) {
    const cells = rows[row - 3];
    if (cells !== undefined) cells[column.charCodeAt(0) - 65] = value;
  }
}

/** The file of the office; the header of each sheet is in row 2. */
export function officeWorkbook({ wrong = false, whole = false }: OfficeWorkbook = {}): Promise<Uint8Array> {
  const organizations = organizationRows();
  if (wrong) spoil(organizations);
  const sheet = (name: string, headers: string[], rows: CellValue[][]) => ({
    name,
    rows: [[`${name}（2026 年）`], headers, ...rows],
  });
  const sheets = [sheet('单位', ORGANIZATION_HEADERS, organizations)];
  if (whole) {
    const all = Array.from({ length: ORGANIZATIONS }, (_, at) => at + 1);
    sheets.push(
      sheet(
        '资产',
        ['设备编号', '所属单位编码', '系统编号', '设备名称', '设备类型', 'IP地址', '是否互联网暴露'],
        all.map((n) => [
          `ZC-${n}`,
          code(n),
          `XT-${n}`,
          `服务器 ${n}`,
          '服务器',
          `10.20.${n >> 8}.${n & 255}`,
          '否',
        ]),
      ),
      sheet(
        '系统',
        ['系统编号', '系统名称', '所属单位编码', '等保级别', '系统责任人', '责任人电话'],
        all.map((n) => [
          `XT-${n}`,
          `业务系统 ${n}`,
          code(n),
          n % 2 ? '二级' : '三级',
          `责任人 ${n}`,
          '025-83790000',
        ]),
      ),
      sheet(
        '联络人',
        ['单位编码', '姓名', '联络角色', '手机', '邮箱'],
        all.map((n) => [code(n), `联络人 ${n}`, '联络员', '13800001234', `duty${n}@example.org`]),
      ),
    );
  }
  return writeXlsx({ sheets });
}
