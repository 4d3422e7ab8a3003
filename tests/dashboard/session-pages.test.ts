import { SESSION_SCENES } from './scenes/all.ts'
import { describePages } from './support/describe-pages.ts'

describePages(SESSION_SCENES)
