"""`python -m components.charts`: the charts and image repositories that a mirror must have."""

from components.charts.catalog import CATALOG, Chart


def address(chart: Chart) -> str:
    """Return from where a chart is pulled: an OCI address, or a repository and a name."""
    joint = "/" if chart.repository.startswith("oci://") else " "
    return f"{chart.repository}{joint}{chart.name}"


def main() -> None:
    """Print a line for each chart, and one for each registry or repository of its images."""
    for chart in CATALOG:
        print(f"chart  {address(chart)} {chart.version}")
        for image in sorted(set(chart.images.values())):
            print(f"image  {image}  (app version {chart.app_version})")


if __name__ == "__main__":
    main()
