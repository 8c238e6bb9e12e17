import './workers.ts';
import 'graphiql/style.css';
import './graphiql.css';
import { GraphiQL } from 'graphiql';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { readPageData } from '../pageData.ts';
import { createFetcher } from './fetcher.ts';

const { examples, needsCredentials } = readPageData();

const tabs = examples.map(({ text, variables }) => ({ query: text, variables: variables ?? null }));
const headers = needsCredentials ? '{\n  "authorization": "Bearer your-api-key"\n}' : undefined;

const root = document.getElementById('graphiql');
if (root) {
  createRoot(root).render(
    createElement(GraphiQL, {
      fetcher: createFetcher(location.href),
      ...(tabs.length > 0 ? { defaultTabs: tabs } : {}),
      ...(headers ? { defaultHeaders: headers } : {}),
      defaultEditorToolsVisibility: needsCredentials ? 'headers' : true,
    }),
  );
}
