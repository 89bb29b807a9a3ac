import { type RetestReason, retestReasonLabel } from '@backcheck/contract';
import { useLanguage } from '../i18n/use-language.ts';

interface ReasonTextProps {
  readonly reason: RetestReason;
  /** One line of the tool, as it is. */
  readonly detail?: string | null;
}

/** Why nothing could be told, in words, with its code for those who look it up. */
export function ReasonText({ reason, detail = null }: ReasonTextProps) {
  const language = useLanguage();
  const { label, meaning } = retestReasonLabel(reason);
  return (
    <div className="reason-text">
      <p>
        <strong>{label[language]}</strong> <code>{reason}</code>
      </p>
      <p>{meaning[language]}</p>
      {detail === null || detail === '' ? null : <p className="tool-line">{detail}</p>}
    </div>
  );
}
