/** A metric of a CVSS version and the values that it may have. Those of the base must all be given. */
export interface CvssMetric {
  readonly name: string;
  readonly values: readonly string[];
  /** `threat` is called temporal before version 4.0; `supplemental` changes no score. */
  readonly group: MetricGroup;
}

const GROUPS = ['base', 'threat', 'environmental', 'supplemental'] as const;
export type MetricGroup = (typeof GROUPS)[number];

export type CvssVersion = '2.0' | '3.0' | '3.1' | '4.0';

/** One text for each group, in the order of GROUPS: "AV:N,A AC:L,H". */
const metricsOf = (...groups: readonly string[]): readonly CvssMetric[] =>
  groups.flatMap((texts, place) =>
    texts.split(' ').map((text) => {
      const [name = '', values = ''] = text.split(':');
      return { name, values: values.split(','), group: GROUPS[place] ?? 'supplemental' };
    }),
  );

const V3 = metricsOf(
  'AV:N,A,L,P AC:L,H PR:N,L,H UI:N,R S:U,C C:H,L,N I:H,L,N A:H,L,N',
  'E:X,H,F,P,U RL:X,U,W,T,O RC:X,C,R,U',
  'CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L MAV:X,N,A,L,P MAC:X,L,H MPR:X,N,L,H MUI:X,N,R MS:X,U,C MC:X,N,L,H MI:X,N,L,H MA:X,N,L,H',
);

/** In the order of the specifications: FIRST, CVSS v2 section 2.4, v3.1 table 15, v4.0 table 23. */
export const CVSS_METRICS: Readonly<Record<CvssVersion, readonly CvssMetric[]>> = {
  '2.0': metricsOf(
    'AV:L,A,N AC:H,M,L Au:M,S,N C:N,P,C I:N,P,C A:N,P,C',
    'E:U,POC,F,H,ND RL:OF,TF,W,U,ND RC:UC,UR,C,ND',
    'CDP:N,L,LM,MH,H,ND TD:N,L,M,H,ND CR:L,M,H,ND IR:L,M,H,ND AR:L,M,H,ND',
  ),
  '3.0': V3,
  '3.1': V3,
  '4.0': metricsOf(
    'AV:N,A,L,P AC:L,H AT:N,P PR:N,L,H UI:N,P,A VC:H,L,N VI:H,L,N VA:H,L,N SC:H,L,N SI:H,L,N SA:H,L,N',
    'E:X,A,P,U',
    'CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L MAV:X,N,A,L,P MAC:X,L,H MAT:X,N,P MPR:X,N,L,H MUI:X,N,P,A MVC:X,H,L,N ' +
      'MVI:X,H,L,N MVA:X,H,L,N MSC:X,H,L,N MSI:X,S,H,L,N MSA:X,S,H,L,N',
    'S:X,N,P AU:X,N,Y R:X,A,U,I ' + 'V:X,D,C RE:X,L,M,H U:X,Clear,Green,Amber,Red',
  ),
};
