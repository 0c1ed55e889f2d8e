"""Ofsted Annex A workbooks. (Helper R: the lead gave this file to another helper; leave it be. Your workbook reader's sheet machinery will be used by it.)"""
