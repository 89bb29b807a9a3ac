import type { Finding } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { When } from '../ui/When.tsx';
import { ToolWords } from './ToolWords.tsx';
import { useSiblings } from './use-findings.ts';

/** What the scanner itself says of it, and which scan said so; nothing where none says anything. */
export function ExplanationPanel({ finding: { id } }: { readonly finding: Finding }) {
  const { t } = useTranslation();
  const explanation = useSiblings(id).data?.explanation ?? null;
  if (explanation === null) return null;
  const { tool, importedAt } = explanation;
  return (
    <section aria-labelledby="explanation-title" className="panel">
      <h2 id="explanation-title">{t('explanation.title')}</h2>
      <ToolWords of={explanation} />
      <p className="hint">
        {t('explanation.source', { tool })} <When at={importedAt} />
      </p>
    </section>
  );
}
