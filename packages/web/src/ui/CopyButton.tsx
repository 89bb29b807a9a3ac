import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
}

/** Nothing where the browser does not let a page write the clipboard: over plain http it does not. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  if (!window.isSecureContext) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <>
      <Button onClick={() => void copy()}>{label}</Button>
      <span role="status" className="hint">
        {copied ? t('signIn.twoFactor.copied') : ''}
      </span>
    </>
  );
}
