"""How every Django form of the portal is drawn."""

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` come out as our own components."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
