"""Application Insights and Log Analytics, as far as ARM shows them. Nothing is collected."""
