import { useTranslation } from 'react-i18next';

const STEPS = ['file', 'columns', 'check', 'apply'] as const;
export type Step = (typeof STEPS)[number];

export function Steps({ current }: { readonly current: Step }) {
  const { t } = useTranslation();
  const at = STEPS.indexOf(current);
  return (
    <ol className="steps" aria-label={t('registers.steps.label')}>
      {STEPS.map((step, index) => (
        <li
          key={step}
          aria-current={step === current ? 'step' : undefined}
          className={index < at ? 'done' : undefined}
        >
          <span className="step-number" aria-hidden="true">
            {index < at ? '✓' : index + 1}
          </span>
          {t(`registers.steps.${step}`)}
        </li>
      ))}
    </ol>
  );
}
