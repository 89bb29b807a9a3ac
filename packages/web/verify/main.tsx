import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './page.css';
import { VerificationPage } from './VerificationPage.tsx';

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <VerificationPage />
    </StrictMode>,
  );
}
