import { PAGE_SCENES } from './scenes/all.ts'
import { describePages } from './support/describe-pages.ts'

describePages(PAGE_SCENES)
