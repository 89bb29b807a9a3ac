import type { Explanation } from '@backcheck/contract';
import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import './tool-words.css';

/** Lines that show before a text is folded. */
const ROWS = 6;
const PARTS = ['description', 'harm', 'advice'] as const;

/** What a tool says of a check: plain text in whatever language the tool has; only what there is. */
export function ToolWords({ of }: { readonly of: Pick<Explanation, (typeof PARTS)[number]> }) {
  const { t } = useTranslation();
  return (
    <dl className="tool-words">
      {PARTS.filter((part) => of[part] !== '').map((part) => (
        <div key={part}>
          <dt>{t(`explanation.${part}`)}</dt>
          <dd>
            <Typography.Paragraph ellipsis={{ rows: ROWS, expandable: 'collapsible' }}>
              {of[part]}
            </Typography.Paragraph>
          </dd>
        </div>
      ))}
    </dl>
  );
}
